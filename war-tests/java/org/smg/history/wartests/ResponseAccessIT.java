package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.after;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.request;
import static org.smg.history.wartests.GatewayServer.says;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** Whose history a model is sent, and whose credentials: those of the caller alone. */
@OnLiberty
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"MEMORY", "POSTGRES_ROW_SECURITY", "REDIS"})
class ResponseAccessIT {

  private static GatewayServer gateway;
  private static String alicesKey;
  private static Http alice;
  private static Http bob;
  private static Http eve;

  @SuppressWarnings("unused")
  ResponseAccessIT(TestBackend backend) {
    // The server of the backend is shared by the tests.
  }

  @BeforeParameterizedClassInvocation
  static void start(TestBackend backend) {
    String name = "access-" + backend.name().toLowerCase();
    KeyRing keys = KeyRing.named(name);
    alicesKey = keys.create("acme", "alice", "history-user");
    String bobsKey = keys.create("acme", "bob", "history-user");
    String evesKey = keys.create("globex", "alice", "history-user");
    Map<String, String> options = new TreeMap<>(backend.options());
    options.putAll(keys.options("own"));
    gateway = GatewayServer.start(name, options);
    alice = as(alicesKey);
    bob = as(bobsKey);
    eve = as(evesKey);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    gateway.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(gateway.model().left()).isEmpty();
  }

  private static Http as(String key) {
    return gateway.http().with("Authorization: Bearer " + key);
  }

  private static Map<String, Function<MadeHistory, String>> waysToNameIt() {
    return Map.of(
        "conversation", made -> in(made.conversation(), "\"q\""),
        "predecessor", made -> after(made.response(), "\"q\""),
        "reference",
            made ->
                request(
                    "\"input\":[{\"type\":\"item_reference\",\"id\":\"%s\"}]"
                        .formatted(made.item())));
  }

  /** The same status, headers and words as of what does not exist; and the model is not asked. */
  @Test
  void whatBelongsToOthersDoesNotExist() {
    for (Http other : List.of(bob, eve)) {
      MadeHistory made = MadeHistory.by(other);
      String before = made.seenBy(other);
      waysToNameIt()
          .forEach(
              (way, asks) -> {
                Answer answer = alice.post(RESPONSES, asks.apply(made));

                assertThat(answer.status()).as(way).isBetween(400, 404);
                assertThat(comparable(answer, made))
                    .as(way)
                    .isEqualTo(
                        comparable(
                            alice.post(RESPONSES, asks.apply(made.missing())), made.missing()));
              });
      assertThat(made.seenBy(other)).isEqualTo(before);
    }
  }

  private static String comparable(Answer answer, MadeHistory askedFor) {
    String whole =
        answer.head().stream()
                .filter(line -> !line.toLowerCase().matches("(date|x-request-id):.*"))
                .collect(Collectors.joining("\n"))
            + answer.text();
    for (String id : askedFor.ids()) {
      whole = whole.replace(id, "<id>");
    }
    return whole;
  }

  @Test
  void whatIsOnesOwnIsSentAndStaysOnesOwn() {
    MadeHistory own = MadeHistory.by(alice);
    waysToNameIt()
        .forEach(
            (way, asks) -> {
              GatewayServer.Made made =
                  gateway.ask(alice, asks.apply(own), ModelAnswer.completed(says("a")));

              assertThat(made.answer().status()).as(way).isEqualTo(200);
              assertThat(made.sent()).as(way).contains("secret");
              stored(alice.get(RESPONSES + "/" + made.id()));
              assertThat(bob.get(RESPONSES + "/" + made.id()).status()).as(way).isEqualTo(404);
              assertThat(eve.get(RESPONSES + "/" + made.id()).status()).as(way).isEqualTo(404);
            });
  }

  /** Not even while nobody has answered. */
  @Test
  void aRunIsSeenByItsCallerAlone() throws IOException {
    String user = Fixtures.unique("user");
    CompletableFuture<Answer> asked =
        CompletableFuture.supplyAsync(
            () ->
                alice.post(
                    RESPONSES, request("\"user\":\"%s\",\"input\":\"secret\"".formatted(user))));
    try (Call call = gateway.model().take()) {
      assertThat(stored(alice.get(RESPONSES + "?user=" + user)).ids()).hasSize(1);
      assertThat(stored(bob.get(RESPONSES + "?user=" + user)).ids()).isEmpty();
      assertThat(stored(eve.get(RESPONSES + "?user=" + user)).ids()).isEmpty();
      call.respond(ModelAnswer.completed(says("a")));
    }
    stored(asked.join());
  }

  @Test
  void aCredentialOfThisServiceIsNotSentOnAndOneForTheModelServerIsNotKept() throws IOException {
    CompletableFuture<Answer> asked =
        CompletableFuture.supplyAsync(
            () ->
                alice
                    .with("X-Model-Authorization: Bearer sk-of-alice")
                    .post(RESPONSES, request("\"input\":\"q\"")));
    try (Call call = gateway.model().take()) {
      assertThat(call.header("Authorization")).isEqualTo("Bearer sk-of-alice");
      assertThat(String.join("\n", call.head()))
          .doesNotContain(alicesKey)
          .doesNotContain("X-Model-Authorization");
      call.respond(ModelAnswer.completed(says("a")));
    }
    String id = stored(asked.join()).id();

    assertThat(stored(alice.get(RESPONSES + "/" + id)).text()).doesNotContain("sk-of-alice");
    assertThat(gateway.server().log()).doesNotContain("sk-of-alice").doesNotContain(alicesKey);
  }

  @Test
  void nobodyIsServedWithoutAKey() {
    Answer answer = gateway.http().post(RESPONSES, request("\"input\":\"q\""));

    assertThat(answer.status()).isEqualTo(401);
  }
}
