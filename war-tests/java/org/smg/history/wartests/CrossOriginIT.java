package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may call a server that wants API keys and allows two origins. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class CrossOriginIT {

  private static final String PAGE = "Origin: https://chat.example";
  private static final String PREFLIGHT = "Access-Control-Request-Method: PUT";

  private ApplicationServer server;
  private Http alice;

  @BeforeAll
  void start() {
    KeyRing keys = KeyRing.named("cross-origin");
    String key = keys.create("acme", "alice", "history-user");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("tenant"));
    options.put("HISTORY_CORS_ORIGINS", "https://chat.example, http://localhost:3000");
    server = TestServer.chosen().start("cross-origin", options);
    alice = server.http().with("Authorization: Bearer " + key);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void aBrowserAsksWithoutACredentialAndIsToldWhatAPageMaySend() {
    Answer answer =
        server
            .http()
            .with(
                PAGE,
                PREFLIGHT,
                "Access-Control-Request-Headers:"
                    + " Authorization,content-type, x-stainless-os,idempotency-key,x-smg-tenant-id,*")
            .send("OPTIONS", "/v1/responses/resp_1", null);

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://chat.example");
    assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, POST, PUT, DELETE");
    assertThat(answer.header("Access-Control-Allow-Headers"))
        .isEqualTo("authorization, content-type, x-stainless-os, idempotency-key");
    assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("600");
    assertThat(answer.header("Vary")).isEqualTo("Origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/conversations", "/v1/conversations/none", "/v1/nothing", "/"})
  void aPageMayReadEveryAnswer(String path) {
    for (Http caller : new Http[] {alice, server.http()}) {
      Answer answer = caller.with(PAGE).get(path);

      assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://chat.example");
      assertThat(answer.header("Access-Control-Expose-Headers")).contains("x-request-id");
      assertThat(answer.header("Access-Control-Allow-Credentials")).isNull();
      assertThat(answer.header("Vary")).isEqualTo("Origin");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://chat.example.evil.example",
        "https://evil.example",
        "https://CHAT.example",
        "http://chat.example",
        "https://chat.example:443",
        "https://chat.example/",
        "https://chat.example, https://evil.example",
        "null",
        "*",
        ""
      })
  void anotherOriginIsToldNothing(String origin) {
    Http page = server.http().with("Origin: " + origin);

    Answer preflight = page.with(PREFLIGHT).send("OPTIONS", "/v1/conversations", null);
    Answer answer = alice.with("Origin: " + origin).get("/v1/conversations");

    assertThat(preflight.status()).isEqualTo(401);
    assertThat(preflight.header("Access-Control-Allow-Origin")).isNull();
    assertThat(preflight.header("Access-Control-Allow-Methods")).isNull();
    assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
    assertThat(answer.header("Vary")).isEqualTo("Origin");
  }

  @Test
  void optionsWithoutAPreflightNeedsACredentialAsBefore() {
    assertThat(server.http().with(PAGE).send("OPTIONS", "/v1/conversations", null).status())
        .isEqualTo(401);
  }
}
