package org.smg.history.rules;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.smg.history.json.FeedbackDraft;
import org.smg.history.model.Caller;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Page;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.Storage;

/** What callers do with users' verdicts on responses. */
@Dependent
public final class FeedbackHistory {

  private final FeedbackStore store;
  private final HistoryClock clock;
  private final Ids ids;
  private final Idempotency idempotency;

  @Inject
  public FeedbackHistory(Storage storage, HistoryClock clock, Ids ids, Idempotency idempotency) {
    this.store = storage.feedback();
    this.clock = clock;
    this.ids = ids;
    this.idempotency = idempotency;
  }

  public Feedback add(Caller caller, String responseId, FeedbackDraft draft, IdempotencyKey key) {
    Limits.checkText("comment", draft.comment(), Limits.COMMENT_LENGTH);
    Limits.checkField("author", draft.author());
    Limits.checkMetadata(draft.metadata());
    return idempotency.once(
        caller,
        key,
        () -> {
          Instant now = clock.now();
          String id = ids.feedback(now);
          return store.add(
              caller.scope(),
              new Feedback(
                  caller.key(id),
                  caller.user(),
                  responseId,
                  null,
                  null,
                  draft.rating(),
                  draft.comment(),
                  draft.author(),
                  draft.metadata(),
                  now),
              key.record(caller, now, List.of(id)));
        },
        before -> get(caller, before.ids().get(0)));
  }

  public Feedback get(Caller caller, String id) {
    return store.find(caller.scope(), id).orElseThrow(() -> HistoryFailure.NotFound.feedback(id));
  }

  public void delete(Caller caller, String id) {
    if (!store.delete(caller.scope(), id)) {
      throw HistoryFailure.NotFound.feedback(id);
    }
  }

  public Page<Feedback> list(Caller caller, FeedbackFilter filter, Window window) {
    return window.read(page -> store.list(caller.scope(), filter, page));
  }
}
