package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Turn;
import org.smg.history.storage.Availability;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseListContract;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.StorageUnderTest;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.RedisConnections;
import org.smg.history.storage.redis.script.RedisUrl;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * What can happen between the steps of a request that sets or removes a pointer. Each test takes
 * the steps of one client by hand, and lets another one act between two of them.
 */
interface PointerRacesContract extends StorageUnderTest {

  long HOUR_MILLIS = 3_600_000;

  /** Where Redis is; the backend uses the default prefix there. */
  String url();

  /** The client whose steps are taken by hand. */
  final class Slow implements AutoCloseable {

    private final RedisKeys keys = new RedisKeys("history");
    private final ScriptRunner scripts;
    private final ResponseReader reader;
    private final ItemLocator locator;
    private final ResponseWriter writer;
    private final TurnWriter turns;

    private Slow(String url) {
      RetentionRule retention = TestRedis.rule(Duration.ofDays(30));
      scripts =
          new ScriptRunner(
              RedisConnections.pool(RedisUrl.of(url), 2, RedisStorage.CHECKED),
              new Availability(() -> {}));
      reader = new ResponseReader(scripts, keys, retention);
      locator = new ItemLocator(scripts, keys, reader, retention);
      ConversationWriter conversations =
          new ConversationWriter(scripts, keys, retention, ByteMeter.NONE);
      writer =
          new ResponseWriter(
              scripts,
              keys,
              retention,
              reader,
              conversations,
              new ResponseExpiry(scripts, keys, retention));
      turns = new TurnWriter(scripts, keys, retention, locator, conversations, writer);
    }

    ResponseWriter.Attempt attempt(SampleTenant tenant, TurnBuilder builder) {
      Turn turn = builder.build();
      return turns.attempt(
          turn,
          ItemBatch.of(
              tenant.scope(),
              Stream.concat(turn.input().stream(), turn.output().stream()).toList(),
              locator));
    }

    Pointer setPointer(Key response, Pointer pointer) {
      return writer.setPointer(response, "", pointer);
    }

    Pointer pointer(Key response) {
      return reader.pointer(response).orElse(null);
    }

    /** Deletes a response, but for its pointer and all else that leads to it. */
    void deleteRecord(SampleTenant tenant, Pointer pointer) {
      ResponseKeys names = ResponseKeys.of(pointer.hash());
      ScriptReply reply =
          scripts.reply(
              ScriptCall.of(
                      Script.RESPONSE_DELETE,
                      names.hash(),
                      names.items(),
                      names.feedback(),
                      names.voided())
                  .scope(tenant.scope(), Long.MIN_VALUE)
                  .with(""));
      assertThat(reply.status()).isEqualTo("ok");
    }

    void removePointer(Key response, Pointer pointer) {
      scripts.run(pointer.remove(keys.pointer(response)));
    }

    long millisLeft(String key) {
      return (Long) scripts.run(ScriptCall.command("PTTL", key));
    }

    @Override
    public void close() {
      scripts.close();
    }
  }

  private void with(Consumer<Slow> test) {
    try (Slow slow = new Slow(url())) {
      test.accept(slow);
    }
  }

  private static void assertNotRecordedAnyMore(ScriptReply reply) {
    // On one server the script sees that the pointer is another one.
    assertThat(reply.status()).isIn("voided", "elsewhere");
  }

  private static TurnBuilder turn(SampleTenant tenant, Key conversation) {
    return tenant.turn("resp_a").in(conversation).input(message("in")).output(message("out"));
  }

  @Test
  default void aPointerMeansNothingUntilItsResponseIsThere() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          Key conversation = tenant.conversation("conv_a");
          ResponseWriter.Attempt attempt = slow.attempt(tenant, turn(tenant, conversation));
          Key response = attempt.response().key();
          slow.setPointer(response, attempt.pointer());

          assertThat(storage().responses().find(tenant.scope(), "resp_a")).isEmpty();
          assertThat(ResponseListContract.responses(tenant).walk(Order.ASC, 10)).isEmpty();
          assertThat(storage().responses().delete(tenant.scope(), "resp_a")).isFalse();
          assertThatThrownBy(() -> tenant.input("resp_a"))
              .isInstanceOf(HistoryFailure.NotFound.class);
          assertThatThrownBy(() -> tenant.feedback("fb_a", "resp_a"))
              .isInstanceOf(HistoryFailure.NotFound.class);
          assertThatThrownBy(
                  () ->
                      storage()
                          .responses()
                          .list(
                              tenant.scope(),
                              ResponseListContract.FilterBuilder.of(tenant).build(),
                              new PageRequest(1, Order.ASC, "resp_a")))
              .isInstanceOf(HistoryFailure.NotFound.class);

          assertThat(slow.writer.commit(attempt, attempt.pointer()).status()).isEqualTo("ok");
          assertThat(storage().responses().find(tenant.scope(), "resp_a"))
              .contains(attempt.response());
        });
  }

  /** A server that died while it deleted leaves what leads to the response. */
  @Test
  default void whatOnlyLeadsToADeletedResponseIsNotDeletedAgain() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          for (int number = 1; number <= 4; number++) {
            tenant.record(tenant.turn("resp_" + number).created(number).user("ann"));
          }
          for (String id : List.of("resp_1", "resp_2")) {
            slow.deleteRecord(tenant, slow.pointer(tenant.key(id)));
          }
          ResponseFilter ofAnn = ResponseListContract.FilterBuilder.of(tenant).user("ann").build();

          assertThat(storage().responses().delete(tenant.scope(), ofAnn, 1))
              .isEqualTo(new Removed(1, true));
          assertThat(storage().responses().delete(tenant.scope(), ofAnn, 1))
              .isEqualTo(new Removed(1, false));
          assertThat(storage().responses().delete(tenant.scope(), ofAnn, 1))
              .isEqualTo(Removed.NOTHING);
        });
  }

  @Test
  default void aRepeatUsesTheTokenAndTheDeadlineThatAreThere() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          Key conversation = tenant.conversation("conv_a");
          TurnBuilder turn = turn(tenant, conversation);
          ResponseWriter.Attempt attempt = slow.attempt(tenant, turn);
          Key response = attempt.response().key();
          Pointer set =
              new Pointer(
                  "0123456789abcdef",
                  "" + (Long.parseLong(attempt.expiresAt()) - HOUR_MILLIS / 2),
                  attempt.pointer().hash());
          slow.setPointer(response, set);

          tenant.record(turn);

          assertThat(slow.pointer(response)).isEqualTo(set);
          assertThat(System.currentTimeMillis() + slow.millisLeft(set.hash()))
              .isBetween(
                  Long.parseLong(set.deadline()) - 1_000, Long.parseLong(set.deadline()) + 1_000);
          assertThat(slow.writer.commit(attempt, set).status()).isEqualTo("repeated");
          assertThat(tenant.itemIds(conversation)).containsExactly("in", "out");
        });
  }

  @Test
  default void aPointerThatWasLeftLongAgoDoesNotShortenTheRetention() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          TurnBuilder turn = turn(tenant, tenant.conversation("conv_a"));
          ResponseWriter.Attempt attempt = slow.attempt(tenant, turn);
          Key response = attempt.response().key();
          long inADay = System.currentTimeMillis() + 24 * HOUR_MILLIS;
          Pointer left = new Pointer("0123456789abcdef", "" + inADay, attempt.pointer().hash());
          slow.setPointer(response, left);

          tenant.record(turn);

          assertThat(slow.millisLeft(attempt.pointer().hash()))
              .isGreaterThan(29 * 24 * HOUR_MILLIS);
          assertThat(slow.pointer(response)).isNotEqualTo(left);
        });
  }

  @Test
  default void aTurnWhosePointerAnotherConversationTookIsRefused() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          Key first = tenant.conversation("conv_a");
          Key second = tenant.conversation("conv_b");
          TurnBuilder slowTurn = turn(tenant, first).fingerprint("slow");
          ResponseWriter.Attempt attempt = slow.attempt(tenant, slowTurn);
          Key response = attempt.response().key();
          slow.setPointer(response, attempt.pointer());

          tenant.record(turn(tenant, second));

          assertNotRecordedAnyMore(slow.writer.commit(attempt, attempt.pointer()));
          assertThat(slow.millisLeft(ResponseKeys.of(attempt.pointer().hash()).voided()))
              .isBetween(HOUR_MILLIS - 60_000, HOUR_MILLIS);
          assertThatThrownBy(() -> tenant.record(slowTurn))
              .isInstanceOf(HistoryFailure.ResponseAlreadyRecorded.class);
          assertThat(tenant.items(first)).isEmpty();
          assertThat(tenant.itemIds(second)).containsExactly("in", "out");
          assertThat(storage().responses().find(tenant.scope(), "resp_a"))
              .get()
              .extracting(found -> found.conversationId())
              .isEqualTo("conv_b");
        });
  }

  @Test
  default void aTurnThatIsRecordedKeepsItsPointer() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          Key first = tenant.conversation("conv_a");
          Key second = tenant.conversation("conv_b");
          TurnBuilder turn = turn(tenant, first);
          Pointer pointer = slow.attempt(tenant, turn).pointer();
          tenant.record(turn);
          Pointer recorded = slow.pointer(turn.response().key());

          assertThatThrownBy(() -> tenant.record(turn(tenant, second).fingerprint("other")))
              .isInstanceOf(HistoryFailure.ResponseAlreadyRecorded.class);

          assertThat(slow.pointer(turn.response().key())).isEqualTo(recorded);
          assertThat(slow.millisLeft(ResponseKeys.of(pointer.hash()).voided())).isEqualTo(-2);
          assertThat(tenant.items(second)).isEmpty();
        });
  }

  /** Two clients find the same pointer without a response; both void it, and one is faster. */
  @Test
  default void aPointerIsTakenByOneClientAlone() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          Pointer left =
              slow.attempt(tenant, turn(tenant, tenant.conversation("conv_a"))).pointer();
          Key third = tenant.conversation("conv_c");
          ResponseWriter.Attempt attempt =
              slow.attempt(tenant, turn(tenant, tenant.conversation("conv_b")));
          Key response = attempt.response().key();
          slow.setPointer(response, left);
          assertThat(slow.writer.exclude(attempt, left).status()).isEqualTo("ok");

          tenant.record(turn(tenant, third));

          Pointer now = slow.writer.setPointer(response, left.value(), attempt.pointer());
          assertThat(now).isNotEqualTo(attempt.pointer()).isEqualTo(slow.pointer(response));
          assertThat(tenant.itemIds(third)).containsExactly("in", "out");
          assertThat(storage().responses().find(tenant.scope(), "resp_a")).isPresent();
        });
  }

  @Test
  default void aRepeatThatArrivesAfterTheDeletionRecordsNothing() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          Key conversation = tenant.conversation("conv_a");
          TurnBuilder turn = turn(tenant, conversation);
          ResponseWriter.Attempt attempt = slow.attempt(tenant, turn);
          slow.setPointer(attempt.response().key(), attempt.pointer());
          tenant.record(turn);
          storage()
              .conversations()
              .removeItem(tenant.scope(), conversation.id(), "in", at(2))
              .orElseThrow();
          assertThat(slow.writer.commit(attempt, attempt.pointer()).status()).isEqualTo("repeated");
          assertThat(storage().responses().delete(tenant.scope(), "resp_a")).isTrue();

          assertThat(slow.writer.commit(attempt, attempt.pointer()).status()).isEqualTo("voided");

          assertThat(tenant.itemIds(conversation)).containsExactly("out");
          assertThat(storage().responses().find(tenant.scope(), "resp_a")).isEmpty();
        });
  }

  @Test
  default void aDeletionThatIsSlowLeavesThePointerOfANewResponse() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          TurnBuilder turn = turn(tenant, tenant.conversation("conv_a"));
          Key response = tenant.record(turn).key();
          Pointer deleted = slow.pointer(response);
          slow.deleteRecord(tenant, deleted);

          tenant.record(turn);
          slow.removePointer(response, deleted);

          assertThat(slow.pointer(response)).isNotNull().isNotEqualTo(deleted);
          assertThat(storage().responses().find(tenant.scope(), "resp_a")).isPresent();
        });
  }

  /** The deletion reads the pointer, and meanwhile the response is deleted and recorded again. */
  @Test
  default void aDeletionVoidsTheTokenOfTheResponseThatItDeletes() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          TurnBuilder turn = turn(tenant, tenant.conversation("conv_a"));
          Key response = tenant.record(turn).key();
          Pointer read = slow.pointer(response);
          storage().responses().delete(tenant.scope(), "resp_a");
          ResponseWriter.Attempt repeat = slow.attempt(tenant, turn);
          tenant.record(turn);
          Pointer recorded = slow.pointer(response);

          slow.deleteRecord(tenant, read);

          assertThat(recorded).isNotEqualTo(read);
          assertThat(slow.writer.commit(repeat, recorded).status()).isEqualTo("voided");
          assertThat(tenant.record(turn)).isEqualTo(turn.response());
        });
  }

  @Test
  default void aResponseWithoutAConversationIsDeletedLikewise() {
    with(
        slow -> {
          SampleTenant tenant = freshTenant();
          TurnBuilder turn = tenant.turn("resp_a").input(message("in"));
          ResponseWriter.Attempt attempt = slow.attempt(tenant, turn);
          slow.setPointer(attempt.response().key(), attempt.pointer());
          tenant.record(turn);
          storage().responses().delete(tenant.scope(), "resp_a");

          assertThat(slow.writer.commit(attempt, attempt.pointer()).status()).isEqualTo("voided");

          assertThat(storage().responses().find(tenant.scope(), "resp_a")).isEmpty();
        });
  }
}
