package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.GatewayServer.streamed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** What becomes of open streams when Open Liberty is stopped. */
@OnLiberty
class ServerStopIT {

  private static final String CHAT = "/v1/chat/completions";

  /** Open Liberty waits so long for what is open. */
  private static final Duration QUIESCE = Duration.ofSeconds(30);

  private ScriptedModelServer model;
  private LibertyServer server;

  @BeforeEach
  void start() {
    model = ScriptedModelServer.start();
    server =
        LibertyServer.named("server-stop")
            .environment(TestBackend.REDIS.options())
            .environment(
                Map.of("MODEL_SERVER_URL", model.url(), "MODEL_SERVER_TIMEOUT_SECS", "100"))
            .start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    model.close();
  }

  /** The events of a stream up to its end. */
  private static List<String> rest(StreamReader caller) throws IOException {
    List<String> events = new ArrayList<>();
    for (String event = caller.event(); event != null; event = caller.event()) {
      events.add(event);
    }
    return events;
  }

  /** The event that says how the response ended. */
  private static String end(List<String> events) {
    assertThat(events).last().isEqualTo("data: [DONE]\n\n");
    return events.get(events.size() - 2);
  }

  private static String request(String conversation, String text) {
    return streamed(GatewayServer.in(conversation, "\"%s\"".formatted(text)));
  }

  @Test
  void sigtermEndsOpenStreamsAtOnceAndRecordsThemAsFailed() throws IOException {
    String conversation = Fixtures.conversation(server.http(), List.of("t0"));
    try (StreamReader caller = StreamReader.post(server, RESPONSES, request(conversation, "q1"));
        Call call = model.take();
        StreamReader chatting =
            StreamReader.post(
                server,
                CHAT,
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}");
        Call chat = model.take()) {
      call.stream();
      call.chunk(ModelAnswer.completed(says("a1")).events().get(0));
      assertThat(caller.event()).startsWith("event: response.created\n");
      chat.stream();
      chat.chunk("data: {\"choices\":[]}\n\n");
      chatting.event();

      Instant begin = Instant.now();
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
      List<String> events = rest(caller);
      List<String> chunks = rest(chatting);
      Duration took = Duration.between(begin, Instant.now());
      stopped.join();

      assertThat(end(events))
          .startsWith("event: response.failed\n")
          .contains("\"status\":\"failed\"", "\"service_stopping\"");
      assertThat(chunks.get(chunks.size() - 1)).contains("\"service_stopping\"");
      assertThat(took).isLessThan(QUIESCE.dividedBy(3));
      assertThat(Duration.between(begin, Instant.now())).isLessThan(QUIESCE);
    }

    server.start();
    Http http = server.http();
    List<JsonNode> records = new ArrayList<>();
    stored(http.get(RESPONSES)).json().path("data").forEach(records::add);
    assertThat(records)
        .hasSize(2)
        .allSatisfy(
            record -> {
              assertThat(record.path("status").textValue()).isEqualTo("failed");
              assertThat(record.path("error").path("code").textValue())
                  .isEqualTo("service_stopping");
            });
    assertThat(lastEvent(http, conversation, "q2")).startsWith("event: response.completed\n");
  }

  private String lastEvent(Http http, String conversation, String text) throws IOException {
    CompletableFuture<Answer> asked =
        CompletableFuture.supplyAsync(() -> http.post(RESPONSES, request(conversation, text)));
    try (Call call = model.take()) {
      call.respond(ModelAnswer.completed(says("a2")));
    }
    String all = stored(asked.join()).text();
    return all.substring(all.lastIndexOf("event: "));
  }

  @Test
  void serverStopLeavesOpenStreamsTheTimeThatTheServerWaits() throws IOException {
    String conversation = Fixtures.conversation(server.http(), List.of("t0"));
    try (StreamReader caller = StreamReader.post(server, RESPONSES, request(conversation, "q1"));
        Call call = model.take()) {
      List<String> events = ModelAnswer.completed(says("a1")).events();
      call.stream();
      call.chunk(events.get(0));
      assertThat(caller.event()).startsWith("event: response.created\n");

      CompletableFuture<Integer> stopped =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return server.stopByCommand();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      // The server says that it waits.
      server.awaitLogged(".*CWWKE1100I.*");
      for (String event : events.subList(1, events.size())) {
        call.chunk(event);
      }
      call.endStream();

      assertThat(end(rest(caller))).startsWith("event: response.completed\n");
      assertThat(stopped.join()).isZero();
    }
  }
}
