package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.storage.ConversationListContract;
import org.smg.history.storage.FeedbackStoreContract;
import org.smg.history.storage.ResponseListContract;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.redis.layout.RecordText;
import org.smg.history.storage.redis.script.ScriptCall;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/**
 * Reads what each version of the layout wrote. {@code layout-1.txt} has the commands that store it:
 * it must stay as it is, also when a later version writes something else.
 */
class StoredLayoutTest {

  private static final Item LISTED = message("out_listed", "not in the JSON");

  @Test
  void whatVersion1WroteIsReadAndChanged() throws IOException {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage((Duration) null)) {
      load(redis, "layout-1.txt");
      SampleTenant tenant = new SampleTenant(storage, "tenant a", "alice");

      assertIsStored(tenant);
      assertCanBeChanged(tenant);
    }
  }

  @Test
  void whatVersion1WroteIsGivenAnExpiry() throws IOException {
    Duration retention = Duration.ofDays(8_000);
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage(retention)) {
      load(redis, "layout-1.txt");

      RetentionStore walk = storage.retention();
      while (walk.purge(walk.tenantAfter(null).orElseThrow(), at(0)).more()) {
        // It goes on.
      }

      RawKeys.of(List.of(redis), "history", "history").assertExpiries(TestRedis.rule(retention));
      assertIsStored(new SampleTenant(storage, "tenant a", "alice"));
    }
  }

  /** A run as this version leaves it, beside what {@code layout-1.txt} has. */
  @Test
  void aRunThatVersion1LeftIsFoundAndEnded() throws IOException {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage((Duration) null)) {
      load(redis, "layout-1.txt");
      load(redis, "layout-1-run.txt");
      SampleTenant tenant = new SampleTenant(storage, "tenant a", "alice");
      SampleRun run = new SampleRun(tenant, "resp_run", tenant.key("conv_a"));

      assertThat(run.found()).contains(run.run().prompt());
      assertThat(run.isAbandoned()).isTrue();
      assertThatThrownBy(new SampleRun(tenant, "resp_next", tenant.key("conv_a"))::begin)
          .isInstanceOf(HistoryFailure.ConversationLocked.class);
      assertThatThrownBy(() -> tenant.append(tenant.key("conv_a"), run.input()))
          .isInstanceOf(HistoryFailure.ItemAlreadyInConversation.class);
      assertThat(run.finish()).isEqualTo(run.finished().response());
      assertThat(tenant.items(tenant.key("conv_a"))).endsWith(run.input(), run.output());
    }
  }

  /** The version before knows four statuses, and passes over lines that it does not know. */
  @Test
  void theVersionBeforeReadsARunAsOneThatFailed() {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage((Duration) null);
        Jedis jedis = redis.connect()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      SampleRun run = new SampleRun(tenant, "resp_run", null);
      run.begin();

      String hash = new RedisKeys("history").response(null, tenant.key("resp_run")).hash();
      assertThat(jedis.hget(hash, "version")).isEqualTo("1");
      assertThat(RecordText.parse(jedis.hget(hash, "description")))
          .containsEntry("version", "1")
          .containsEntry("status", "FAILED")
          .containsEntry("in_progress", "1");
      run.finish();
      assertThat(RecordText.parse(jedis.hget(hash, "description")))
          .containsEntry("status", "COMPLETED")
          .doesNotContainKey("in_progress");
    }
  }

  private static TurnBuilder turn(SampleTenant tenant) {
    return tenant
        .turn("resp_a")
        .in(tenant.key("conv_a"))
        .metadata(labels("app", "chat"))
        .json(JsonText.of("{\"output\":[" + message("out").json() + "]}"))
        .input(message("in"))
        .output(message("out"), LISTED);
  }

  private static void assertIsStored(SampleTenant tenant) {
    Key conversation = tenant.key("conv_a");
    assertThat(tenant.storage().conversations().find(tenant.scope(), "conv_a"))
        .contains(
            Samples.conversation(conversation, "alice")
                .withMetadata(labels("a b", "c\nd\\"), at(3)));
    assertThat(tenant.items(conversation))
        .containsExactly(
            message("msg_1"), message("msg_2", "\u2713"), message("in"), message("out"), LISTED);
    assertThat(tenant.storage().responses().find(tenant.scope(), "resp_a"))
        .contains(turn(tenant).response());
    assertThat(tenant.input("resp_a")).containsExactly(message("in"));
    assertThat(tenant.storage().responses().chain(tenant.scope(), "resp_alone", 10).data())
        .extracting(member -> member.key().id())
        .containsExactly("resp_a", "resp_alone");
    assertThat(tenant.storage().feedback().find(tenant.scope(), "fb_a"))
        .get()
        .extracting(Feedback::conversationId)
        .isEqualTo("conv_a");
    assertThat(ConversationListContract.conversations(tenant).walk(Order.ASC, 10)).hasSize(1);
    assertThat(ResponseListContract.responses(tenant).walk(Order.ASC, 10)).hasSize(2);
    assertThat(FeedbackStoreContract.feedback(tenant).walk(Order.ASC, 10)).hasSize(1);
  }

  private static void assertCanBeChanged(SampleTenant tenant) {
    Key conversation = tenant.key("conv_a");
    assertThat(tenant.record(turn(tenant))).isEqualTo(turn(tenant).response());
    tenant.append(conversation, message("new"));
    assertThat(tenant.items(conversation)).hasSize(6);
    assertThat(tenant.storage().conversations().delete(tenant.scope(), "conv_a")).isTrue();
    Key other =
        tenant.conversation(
            "conv_b", reference("out"), reference("out_listed"), reference("in_alone"));
    assertThat(tenant.items(other)).containsExactly(message("out"), LISTED, message("in_alone"));
    assertThat(tenant.storage().responses().delete(tenant.scope(), "resp_a")).isTrue();
    assertThat(FeedbackStoreContract.feedback(tenant).walk(Order.ASC, 10)).isEmpty();
    assertThat(ResponseListContract.responses(tenant).walk(Order.ASC, 10)).hasSize(1);
  }

  private static void load(TestRedis redis, String file) throws IOException {
    try (Jedis jedis = redis.connect();
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    StoredLayoutTest.class.getResourceAsStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> words = words(line);
        byte[][] arguments = words.stream().skip(1).map(ScriptCall::bytes).toArray(byte[][]::new);
        jedis.sendCommand(Protocol.Command.valueOf(words.get(0)), arguments);
      }
    }
  }

  /** The words of a command, which a tab separates; a line break in a word is written {@code ⏎}. */
  private static List<String> words(String line) {
    return new ArrayList<>(
        Arrays.stream(line.split("\t")).map(word -> word.replace('⏎', '\n')).toList());
  }
}
