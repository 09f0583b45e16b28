package org.smg.history.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.Options;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Item;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.model.TimeRange;
import org.smg.history.rules.Completion;
import org.smg.history.rules.ConversationHistory;
import org.smg.history.rules.FeedbackHistory;
import org.smg.history.rules.HistoryClock;
import org.smg.history.rules.Idempotency;
import org.smg.history.rules.Ids;
import org.smg.history.rules.ResponseHistory;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.memory.MemoryStorage;

class ExamplesTest {

  private static final Scope EVERYBODY = Scope.ofTenant("default");

  private static final FeedbackFilter EVERY_FEEDBACK =
      new FeedbackFilter(null, null, null, null, null, TimeRange.ALWAYS);

  private final Storage storage =
      new MemoryStorage(options(Map.of()), ByteMeter.NONE, Horizon.NONE);

  @Test
  void theyShowWhatAHistoryCanHold() {
    examples(options(Map.of("history-examples", "true"))).add();

    List<Conversation> conversations =
        storage
            .conversations()
            .list(EVERYBODY, new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), page())
            .data();
    Set<String> types = new TreeSet<>();
    for (Conversation conversation : conversations) {
      storage.conversations().items(EVERYBODY, conversation.key().id(), page()).data().stream()
          .map(Item::type)
          .forEach(types::add);
    }
    assertThat(conversations).hasSize(5);
    assertThat(types)
        .contains(
            "message",
            "reasoning",
            "function_call",
            "function_call_output",
            "mcp_call",
            "mcp_list_tools",
            "mcp_approval_request",
            "house_rule_check");
    assertThat(
            storage
                .conversations()
                .items(EVERYBODY, conversations.get(4).key().id(), page())
                .hasMore())
        .as("the first one is long")
        .isTrue();
    assertThat(storage.feedback().list(EVERYBODY, EVERY_FEEDBACK, page()).data())
        .hasSizeGreaterThan(5);
  }

  @Test
  void thereAreNoneUnlessTheyAreWanted() {
    examples(options(Map.of())).add();

    assertThat(
            storage
                .conversations()
                .list(EVERYBODY, new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), page())
                .data())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "postgres", "oracle", "redis"})
  void aHistoryThatStaysOrIsNotKeptRefusesThem(String backend) {
    Options options = options(Map.of("history-examples", "true", "history-backend", backend));
    examples(options);

    assertThatThrownBy(options::check)
        .hasMessage("history-examples: true needs history-backend=memory");
  }

  @Test
  void anyBackendGoesWithoutThem() {
    Options options = options(Map.of("history-examples", "false", "history-backend", "postgres"));
    examples(options);

    assertThatCode(options::check).doesNotThrowAnyException();
  }

  private Examples examples(Options options) {
    HistoryClock clock = new HistoryClock();
    Ids ids = new Ids(clock);
    Completion completion = new Completion(clock, ids);
    Idempotency idempotency = new Idempotency(storage, clock);
    return new Examples(
        options,
        () -> new ConversationHistory(storage, clock, ids, completion, idempotency),
        () -> new ResponseHistory(storage, completion),
        () -> new FeedbackHistory(storage, clock, ids, idempotency));
  }

  private static PageRequest page() {
    return new PageRequest(100, Order.DESC, null);
  }

  private static Options options(Map<String, String> set) {
    return new Options(name -> Optional.ofNullable(set.get(name)));
  }
}
