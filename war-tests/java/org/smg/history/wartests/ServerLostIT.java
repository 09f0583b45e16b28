package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.says;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** Of two servers one is killed in the middle of a turn. */
@OnLiberty
class ServerLostIT {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES_ROW_SECURITY", "REDIS"})
  void anotherServerEndsItsRunsAndTheConversationGoesOn(TestBackend backend) throws IOException {
    ScriptedModelServer model = ScriptedModelServer.start();
    Map<String, String> options = new TreeMap<>(backend.options());
    options.put("MODEL_SERVER_URL", model.url());
    String name = "server-lost-" + backend.name().toLowerCase();
    try (model;
        LibertyServer lost = LibertyServer.named(name + "-one").environment(options).start();
        LibertyServer other = LibertyServer.named(name + "-two").environment(options).start()) {
      Http http = other.http();
      String conversation = Fixtures.conversation(http, List.of("t0"));
      String request = GatewayServer.in(conversation, "\"q1\"");
      String id;
      try (StreamReader caller =
              StreamReader.post(
                  lost, RESPONSES, GatewayServer.streamed(request), "Idempotency-Key: k1");
          Call call = model.take()) {
        call.stream();
        call.chunk(ModelAnswer.completed(says("a1")).events().get(0));
        assertThat(caller.event()).startsWith("event: response.created\n");
        id = stored(http.get(RESPONSES + "?conversation=" + conversation)).ids().get(0);
        assertThat(status(http, id)).isEqualTo("in_progress");

        lost.kill();
      }
      Instant killed = Instant.now();

      Writers.await("the run goes on", () -> !status(http, id).equals("in_progress"));

      assertThat(Duration.between(killed, Instant.now())).isLessThan(LONGEST);
      JsonNode failed = stored(http.get(RESPONSES + "/" + id)).json();
      assertThat(failed.path("status").textValue()).isEqualTo("failed");
      assertThat(failed.path("error").path("code").textValue()).isEqualTo("server_lost");
      assertThat(stored(http.get(RESPONSES + "/" + id + "/input_items")).ids()).hasSize(1);
      other.awaitLogged(".*A run of a server that is gone was ended as failed .*" + id + ".*");

      CompletableFuture<Answer> repeated =
          CompletableFuture.supplyAsync(
              () ->
                  http.with("Idempotency-Key: k1")
                      .post(RESPONSES, GatewayServer.streamed(request)));
      try (Call call = model.take()) {
        call.respond(ModelAnswer.completed(says("a1")));
      }
      assertThat(stored(repeated.join()).text()).contains("event: response.completed\n");
      assertThat(stored(http.get(Fixtures.items(conversation))).ids()).hasSize(3);
    }
  }

  private static String status(Http http, String id) {
    return stored(http.get(RESPONSES + "/" + id)).json().path("status").textValue();
  }
}
