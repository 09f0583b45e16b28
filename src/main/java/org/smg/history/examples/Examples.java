package org.smg.history.examples;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.json.ConversationDraft;
import org.smg.history.json.FeedbackDraft;
import org.smg.history.json.TurnDraft;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.Caller;
import org.smg.history.rules.ConversationHistory;
import org.smg.history.rules.FeedbackHistory;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.rules.Limits;
import org.smg.history.rules.ResponseHistory;
import org.smg.history.security.Callers;
import org.smg.history.storage.Backend;

/**
 * Puts example conversations into a history that ends with the server, where an administrator wants
 * them. They belong to the tenant of callers without a credential.
 */
@Dependent
public final class Examples {

  private static final Logger LOG = Logger.getLogger(Examples.class.getName());

  static final Option<Boolean> EXAMPLES = Option.flag("history-examples", false);

  /** In the order in which they are made; lists show the last one first. */
  private static final List<String> NAMES = List.of("quiz", "code", "arabic", "lisbon", "parcel");

  private static final IdempotencyKey NO_KEY = new IdempotencyKey(null, null);

  private final EventLog log;
  private final boolean wanted;
  private final Provider<ConversationHistory> conversations;
  private final Provider<ResponseHistory> responses;
  private final Provider<FeedbackHistory> feedback;

  /** The rules are made only when they are used: by then all options have been checked. */
  @Inject
  public Examples(
      Options options,
      Provider<ConversationHistory> conversations,
      Provider<ResponseHistory> responses,
      Provider<FeedbackHistory> feedback) {
    this.log = new EventLog(options);
    this.wanted = options.get(EXAMPLES);
    this.conversations = conversations;
    this.responses = responses;
    this.feedback = feedback;
    if (wanted && !options.get(Backend.OPTION).endsWithTheServer()) {
      options.refuse(EXAMPLES, "true needs history-backend=memory");
    }
  }

  /** Adds them, if they are wanted. */
  public void add() {
    if (wanted) {
      Caller caller = Callers.anonymous();
      NAMES.forEach(name -> add(caller, ExampleRequest.read(name)));
      log.write(
          LOG,
          Level.INFO,
          Event.of(
              "setting",
              "Added %d example conversations (history-examples=true)".formatted(NAMES.size())));
    }
  }

  private void add(Caller caller, List<ExampleRequest> requests) {
    String conversation = "";
    for (ExampleRequest request : requests) {
      byte[] body = request.body(conversation);
      switch (request.kind()) {
        case "conversation" ->
            conversation =
                conversations
                    .get()
                    .create(
                        caller,
                        ConversationDraft.ofCreation(body, Limits.ITEMS_PER_REQUEST),
                        NO_KEY)
                    .key()
                    .id();
        case "items" ->
            conversations
                .get()
                .append(
                    caller,
                    conversation,
                    ConversationDraft.ofAddition(body, Limits.ITEMS_PER_REQUEST),
                    NO_KEY);
        case "response" ->
            responses.get().record(caller, request.id(), TurnDraft.of(body, Limits.ITEMS_PER_TURN));
        case "feedback" -> feedback.get().add(caller, request.id(), FeedbackDraft.of(body), NO_KEY);
        default -> throw new IllegalStateException("An example has an unknown " + request.kind());
      }
    }
  }
}
