package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.says;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.storage.redis.TestRedis;
import org.smg.history.wartests.ScriptedModelServer.Call;

/**
 * Responses while what keeps the history is away: no model is asked for what cannot be kept, and no
 * turn is acknowledged that is not stored.
 */
@OnLiberty
class ResponseStoreAwayIT {

  private interface Outage {
    void run() throws Exception;
  }

  @Test
  void onPostgres() throws Exception {
    try (PostgresServer database = postgres();
        GatewayServer gateway =
            GatewayServer.start(
                "responses-postgres-away",
                Map.of(
                    "HISTORY_BACKEND", "postgres", "POSTGRES_DB_URL", database.url("history")))) {
      nothingIsAcknowledgedThatIsNotStored(gateway, database::close, database::start);
    }
  }

  private static PostgresServer postgres() throws IOException, SQLException {
    PostgresServer database = new PostgresServer(Map.of("fsync", "on", "synchronous_commit", "on"));
    database.newDatabase("history");
    return database;
  }

  @Test
  void onRedis() throws Exception {
    try (TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always");
        GatewayServer gateway =
            GatewayServer.start(
                "responses-redis-away",
                Map.of("HISTORY_BACKEND", "redis", "REDIS_URL", redis.url()))) {
      nothingIsAcknowledgedThatIsNotStored(gateway, redis::kill, redis::restart);
    }
  }

  private static void nothingIsAcknowledgedThatIsNotStored(
      GatewayServer gateway, Outage away, Outage back) throws Exception {
    Http http = gateway.http();
    String answered = Fixtures.conversation(http);
    String streamed = Fixtures.conversation(http);
    CompletableFuture<Answer> asked = gateway.asked(in(answered, "\"q1\""));
    try (Call call = gateway.model().take();
        StreamReader caller = gateway.stream(in(streamed, "\"q1\""));
        Call stream = gateway.model().take()) {
      stream.stream();
      List<String> events = ModelAnswer.completed(says("a1")).events();
      for (String event : events.subList(0, events.size() - 1)) {
        stream.chunk(event);
        SentEvent.next(caller);
      }

      away.run();

      call.respond(ModelAnswer.completed(says("a1")));
      stream.chunk(events.get(events.size() - 1));
      stream.endStream();
      assertThat(Refusal.of(asked.join()).status()).isEqualTo(503);
      assertThat(Refusal.of(asked.join()).code()).isEqualTo("history_unavailable");
      assertThat(asked.join().header("x-should-retry")).isEqualTo("false");
      assertThat(SentEvent.rest(caller))
          .extracting(
              SentEvent::type, event -> event.response().path("error").path("code").textValue())
          .containsExactly(tuple("response.failed", "history_unavailable"));
    }

    assertThat(http.post(RESPONSES, in(answered, "\"q2\"")).status()).isEqualTo(503);
    assertThat(gateway.model().left()).isEmpty();

    back.run();
    http.awaitStatus(200);
    for (String conversation : List.of(answered, streamed)) {
      List<String> records = stored(http.get(RESPONSES + "?conversation=" + conversation)).ids();
      assertThat(records).hasSize(1);
      Writers.await(
          "the run does not end",
          () -> gateway.record(records.get(0)).path("status").textValue().equals("failed"));
      assertThat(gateway.list(items(conversation)).ids()).isEmpty();
      stored(gateway.ask(in(conversation, "\"q2\""), ModelAnswer.completed(says("a2"))).answer());
    }
  }
}
