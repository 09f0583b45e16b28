package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server on which each tenant may have two answers of the model server under way. */
@OnLiberty
@SuppressWarnings("try") // Some streams are only open.
@TestInstance(Lifecycle.PER_CLASS)
class OpenStreamsIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY =
      "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String EVENT = "data: {\"choices\":[]}\n\n";
  private static final int MOST = 2;

  private KeyRing keys;
  private ScriptedModelServer model;
  private ApplicationServer server;

  /** How a stream ends. */
  private enum End {
    COMPLETE {
      @Override
      void of(Stream stream) throws IOException {
        stream.call.chunk("data: [DONE]\n\n");
        stream.call.endStream();
      }
    },
    BROKEN_OFF {
      @Override
      void of(Stream stream) throws IOException {
        stream.call.cutOff();
      }
    },
    TIMED_OUT {
      @Override
      void of(Stream stream) {
        // Nothing is sent any more.
      }
    },
    HUNG_UP_AND_COMPLETE {
      @Override
      void of(Stream stream) throws IOException {
        stream.caller.close();
        COMPLETE.of(stream);
      }
    };

    abstract void of(Stream stream) throws IOException;
  }

  private record Stream(StreamReader caller, ScriptedModelServer.Call call)
      implements AutoCloseable {

    @Override
    public void close() throws IOException {
      caller.close();
      call.close();
    }
  }

  @BeforeAll
  void start() {
    keys = KeyRing.named("open-streams");
    keys.create("first", "anybody", "history-user");
    model = ScriptedModelServer.start();
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("tenant"));
    options.put("HISTORY_LIMIT_OPEN_STREAMS", Integer.toString(MOST));
    options.put("MODEL_SERVER_URL", model.url());
    options.put("MODEL_SERVER_TIMEOUT_SECS", "3");
    server = TestServer.chosen().start("open-streams", options);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
    model.close();
  }

  private String key(String tenant, String roles) {
    String key = keys.create(tenant, "anybody", roles);
    Writers.await("the key is not read", () -> as(key).get("/v1/nothing").status() != 401);
    return key;
  }

  private Http as(String key) {
    return server.http().with("Authorization: Bearer " + key);
  }

  private Stream open(String key) throws IOException {
    StreamReader caller = StreamReader.post(server, CHAT, BODY, "Authorization: Bearer " + key);
    ScriptedModelServer.Call call = model.take();
    call.stream();
    call.chunk(EVENT);
    assertThat(caller.event()).isEqualTo(EVENT);
    return new Stream(caller, call);
  }

  private Refusal refusal(String key) {
    Answer answer = as(key).post(CHAT, BODY);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    Refusal refusal = Refusal.of(answer);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.type()).isEqualTo("requests");
    assertThat(refusal.code()).isEqualTo("too_many_streams");
    return refusal;
  }

  /** What is refused for another reason is refused behind the limit. */
  private boolean hasPlace(String key) {
    return as(key).post(CHAT, "no JSON").status() == 400;
  }

  @Test
  void aTenantHasNoMoreThanItsStreams() throws IOException {
    String alice = key("acme", "history-user");
    String bob = key("acme", "history-user");
    String eve = key("globex", "history-user");
    try (Stream one = open(alice);
        Stream two = open(bob);
        Stream others = open(eve)) {
      assertThat(refusal(alice).message())
          .isEqualTo("The tenant has as many answers of the model server under way as it may: 2.");
      assertThat(as(bob).get("/v1/responses").status()).isEqualTo(200);
      assertThat(hasPlace(eve)).isTrue();
    }
  }

  @Test
  void aKeyMayHaveFewerThanItsTenant() throws IOException {
    String few = key("initech", "history-user --open-streams 1");
    String any = key("initech", "history-user");
    try (Stream one = open(few)) {
      assertThat(refusal(few).message())
          .isEqualTo("The API key has as many answers of the model server under way as it may: 1.");
      try (Stream two = open(any)) {
        assertThat(refusal(any).message()).startsWith("The tenant");
      }
    }
  }

  @Test
  void whatIsRefusedTakesNoPlace() throws IOException {
    String key = key("umbrella", "history-user");
    for (int i = 0; i <= MOST; i++) {
      assertThat(hasPlace(key)).isTrue();
    }
    open(key).close();
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceIsFreeHoweverAStreamEnds(End end) throws IOException {
    String key = key("hooli-" + end, "history-user");
    try (Stream one = open(key);
        Stream two = open(key)) {
      refusal(key);

      end.of(one);

      Writers.await("no place is free", () -> hasPlace(key));
    }
  }

  @Test
  void whoHangsUpDoesNotGetMoreOfTheModelServer() throws IOException {
    String key = key("stark", "history-user");
    try (Stream one = open(key);
        Stream two = open(key)) {
      one.caller.close();
      Writers.await(
          "the hang-up is not noticed",
          () -> {
            send(one);
            send(two);
            return server.log().contains("the caller hung up");
          });

      refusal(key);

      End.COMPLETE.of(one);
      Writers.await("no place is free", () -> hasPlace(key));
    }
  }

  private static void send(Stream stream) {
    try {
      stream.call.chunk(EVENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
