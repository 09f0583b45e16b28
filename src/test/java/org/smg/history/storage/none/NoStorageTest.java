package org.smg.history.storage.none;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.Removed;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.Storage;
import org.smg.history.storage.TurnBuilder;

/** The smaller contract: writes are accepted and answered as if stored, reads find nothing. */
class NoStorageTest {

  private static final PageRequest PAGE = new PageRequest(10, Order.ASC, null);
  private static final PageRequest NEXT_PAGE = new PageRequest(10, Order.DESC, "msg_a");

  private final Storage storage = new NoStorage();
  private final SampleTenant tenant = SampleTenant.fresh(storage);
  private final Key conversation = tenant.key("conv_a");
  private final Key response = tenant.key("resp_a");

  @Test
  void aConversationIsAcceptedAndForgotten() {
    tenant.conversation("conv_a", Samples.messages("msg_", 3));

    assertThat(storage.conversations().find(scopeOf(conversation), conversation.id())).isEmpty();
    assertThat(storage.conversations().item(scopeOf(conversation), conversation.id(), "msg_1"))
        .isEmpty();
    assertThat(storage.conversations().items(scopeOf(conversation), conversation.id(), PAGE))
        .isEqualTo(Page.empty());
    assertThat(storage.conversations().items(scopeOf(conversation), conversation.id(), NEXT_PAGE))
        .isEqualTo(Page.empty());
    assertThat(
            storage
                .conversations()
                .list(
                    tenant.scope(), new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), PAGE))
        .isEqualTo(Page.empty());
  }

  @Test
  void anAppendAnswersWhatWasSentEvenTwice() {
    for (int time = 0; time < 2; time++) {
      assertThat(tenant.append(conversation, Samples.messages("msg_", 3)))
          .containsExactly(Samples.messages("msg_", 3));
    }
    assertThat(storage.conversations().item(scopeOf(conversation), conversation.id(), "msg_1"))
        .isEmpty();
  }

  @Test
  void changesOfAConversationAreAnsweredAsIfItWereStored() {
    Metadata labels = Samples.labels("app", "chat");

    assertThat(
            storage
                .conversations()
                .replaceMetadata(scopeOf(conversation), conversation.id(), labels, Samples.at(3)))
        .contains(new Conversation(conversation, null, Samples.at(3), Samples.at(3), labels));
    assertThat(
            storage
                .conversations()
                .removeItem(scopeOf(conversation), conversation.id(), "msg_a", Samples.at(3)))
        .map(Conversation::key)
        .contains(conversation);
    assertThat(storage.conversations().delete(scopeOf(conversation), conversation.id())).isTrue();
    assertThat(
            storage
                .conversations()
                .delete(
                    scopeOf(conversation), new ConversationFilter(labels, TimeRange.ALWAYS), 100))
        .isEqualTo(new Removed(0, false));
    assertThat(storage.conversations().find(scopeOf(conversation), conversation.id())).isEmpty();
  }

  @Test
  void whatEvenAnEmptyHistoryRefusesIsRefused() {
    assertThatThrownBy(() -> tenant.append(conversation, Samples.reference("msg_a")))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
    assertThatThrownBy(
            () ->
                tenant.conversation(
                    "conv_a", Samples.message("msg_a", "1"), Samples.message("msg_a", "2")))
        .isInstanceOf(HistoryFailure.ItemAlreadyInConversation.class);
  }

  @Test
  void aTurnIsAcceptedAndForgotten() {
    TurnBuilder turn =
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(Samples.reference("msg_nowhere"), Samples.message("in"))
            .output(Samples.message("out"));

    assertThat(tenant.record(turn)).isEqualTo(turn.response());
    assertThat(tenant.record(turn.fingerprint("other"))).isEqualTo(turn.response());

    assertThat(storage.responses().find(scopeOf(response), response.id())).isEmpty();
    assertThat(storage.responses().inputItems(scopeOf(response), response.id(), PAGE))
        .isEqualTo(Page.empty());
    assertThat(storage.responses().inputItems(scopeOf(response), response.id(), NEXT_PAGE))
        .isEqualTo(Page.empty());
    assertThat(storage.responses().chain(scopeOf(response), response.id(), 10))
        .isEqualTo(Page.empty());
    assertThat(storage.responses().delete(scopeOf(response), response.id())).isTrue();
    assertThat(
            storage
                .responses()
                .delete(
                    tenant.scope(),
                    new ResponseFilter(
                        null, null, null, null, "user", Metadata.NONE, TimeRange.ALWAYS),
                    100))
        .isEqualTo(new Removed(0, false));
    assertThat(
            storage
                .responses()
                .list(
                    tenant.scope(),
                    new ResponseFilter(
                        null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS),
                    PAGE))
        .isEqualTo(Page.empty());
  }

  @Test
  void feedbackIsAcceptedAndForgotten() {
    Feedback given = Samples.feedback(tenant.key("fb_a"), "resp_a");

    assertThat(storage.feedback().add(scopeOf(given.key()), given)).isEqualTo(given);

    assertThat(storage.feedback().find(scopeOf(given.key()), given.key().id())).isEmpty();
    assertThat(storage.feedback().delete(scopeOf(given.key()), given.key().id())).isTrue();
    assertThat(
            storage
                .feedback()
                .list(
                    tenant.scope(),
                    new FeedbackFilter(null, null, null, null, null, TimeRange.ALWAYS),
                    PAGE))
        .isEqualTo(Page.empty());
  }

  @Test
  void itIsAlwaysThere() {
    storage.verify();
    storage.checkReady();

    assertThat(storage.metrics()).isEmpty();
  }

  @Test
  void aRunIsAcceptedWhereItHasNoConversation() {
    RunStore runs = new NoStorage().runs();
    TurnBuilder turn = tenant.turn("resp_a").input(Samples.message("in"));
    RunStore.Run run = new RunStore.Run(turn.response(), turn.build().input(), "server", "token");

    assertThat(runs.begin(tenant.scope(), run, 1000, Optional.empty()))
        .isEqualTo(new RunStore.Prompt(List.of(), List.of(Samples.message("in"))));
    assertThat(runs.finish(tenant.scope(), "token", turn.build(), Samples.at(1)))
        .isEqualTo(turn.response());
    assertThatThrownBy(() -> runs.read(tenant.scope(), "conv_a", List.of(), 1000))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThatThrownBy(() -> runs.read(tenant.scope(), null, turn.build().input(), 10))
        .isInstanceOf(HistoryFailure.ContextTooLong.class);
    assertThatThrownBy(() -> runs.read(tenant.scope(), null, List.of(Samples.reference("x")), 1000))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
    assertThatThrownBy(() -> runs.chain(tenant.scope(), "resp_a", 1))
        .isInstanceOf(HistoryFailure.NotFound.class);
  }
}
