package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Users of the server's own realm, who see what they made, beside API keys. */
@TestInstance(Lifecycle.PER_CLASS)
class ContainerAuthenticationIT {

  private static final String CHALLENGE = "Basic realm=\"history\"";

  private KeyRing keys;
  private ApplicationServer server;
  private Http alice;
  private Http aliceByKey;

  @BeforeAll
  void start() {
    keys = KeyRing.named("container-authentication");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("own"));
    String key = keys.create("acme", "acme-alice", "history-user");
    options.put("HISTORY_AUTH", "container,api-key");
    options.put("HISTORY_CONTAINER_TENANT_PATTERN", "(\\w+)-.+");
    server =
        TestServer.chosen()
            .start(
                "container-authentication",
                options,
                List.of(
                    new RealmUser("acme-alice", "history-user", "staff"),
                    new RealmUser("acme-bob", "history-user"),
                    new RealmUser("acme-rita", "history-reviewer"),
                    new RealmUser("acme-adam", "history-admin"),
                    new RealmUser("acme-eve", "staff"),
                    new RealmUser("globex-alice", "history-user"),
                    new RealmUser("nobody", "history-user")));
    alice = as("acme-alice");
    aliceByKey = server.http().with("Authorization: Bearer " + key);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Http as(String user) {
    return as(user, RealmUser.PASSWORD);
  }

  private Http as(String user, String password) {
    byte[] credential = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return server
        .http()
        .with("Authorization: Basic " + Base64.getEncoder().encodeToString(credential));
  }

  @Test
  void withoutACredentialTheServerAsksForALogin() {
    for (String path : List.of("/v1/conversations", "/v1/nothing", "/", "/error")) {
      assertAsked(server.http().get(path));
    }
    assertAsked(server.http().post("/v1/conversations", "{}"));
    assertAsked(server.http().delete("/v1/conversations/conv_1"));
  }

  @Test
  void aWrongLoginIsRefusedWhateverIsWrongWithIt() {
    List<Http> wrong =
        List.of(
            as("acme-alice", "wrong"),
            as("acme-alice", ""),
            as("nobody-else"),
            as(""),
            as("acme-alice\0", RealmUser.PASSWORD),
            server.http().with("Authorization: Basic !!!"),
            server.http().with("Authorization: Basic"),
            server.http().with("Authorization: Basic " + "x".repeat(4_000)),
            server.http().with("Authorization: Digest username=\"acme-alice\""),
            server.http().with("Authorization: hk_x"),
            server.http().with("Authorization:"),
            server.http().with("Cookie: LtpaToken2=eHh4; JSESSIONIDSSO=acme-alice"));
    for (Http http : wrong) {
      assertAsked(http.post("/v1/conversations", "{}"));
    }
  }

  private static void assertAsked(Answer answer) {
    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                401,
                null,
                "invalid_api_key",
                "The server accepts no login from this request. Expected a user and a password, or"
                    + " another credential that the server's administrator has set up."));
    assertThat(answer.head().stream().filter(line -> line.startsWith("WWW-Authenticate")))
        .containsExactly("WWW-Authenticate: " + CHALLENGE);
  }

  @Test
  void twoCredentialsAreRefused() {
    Answer answer = alice.with("Authorization: Basic eDp4").get("/v1/conversations");

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                400,
                "Authorization",
                "invalid_value",
                "Invalid 'Authorization': the header was sent 2 times. Expected it once."));
  }

  @Test
  void aHugeHeaderIsRefusedAndTheServerGoesOn() {
    assertThat(as("acme-alice", "x".repeat(1_000_000)).get("/v1/conversations").status())
        .isGreaterThanOrEqualTo(400)
        .isLessThan(500);
    assertThat(alice.get("/v1/conversations").status()).isEqualTo(200);
  }

  @Test
  void usersSeeWhatTheyMadeAndNothingElse() {
    MadeHistory made = MadeHistory.by(alice);
    String path = "/v1/conversations/" + made.conversation();

    assertThat(alice.get(path).status()).isEqualTo(200);
    for (Http other : List.of(as("acme-bob"), as("globex-alice"))) {
      assertThat(other.get(path).status()).isEqualTo(404);
      assertThat(other.delete(path).status()).isEqualTo(404);
      assertThat(other.get("/v1/conversations").ids()).doesNotContain(made.conversation());
    }
    assertThat(alice.delete(path).status()).isEqualTo(200);
  }

  @Test
  void aReviewerReadsWithAReasonAndDoesNotWrite() {
    MadeHistory made = MadeHistory.by(alice);
    String path = "/v1/conversations/" + made.conversation();
    Http rita = as("acme-rita");

    assertThat(rita.get(path).status()).isEqualTo(400);
    assertThat(rita.with("X-Access-Reason: audit").get(path).status()).isEqualTo(200);
    assertThat(rita.post("/v1/conversations", "{}").status()).isEqualTo(403);
  }

  @Test
  void anAdminDeletesForOthers() {
    MadeHistory made = MadeHistory.by(alice);
    String path = "/v1/conversations/" + made.conversation();

    assertThat(as("acme-adam").get(path).status()).isEqualTo(403);
    assertThat(as("acme-adam").delete(path).status()).isEqualTo(200);
  }

  @Test
  void aUserWithoutARoleIsRefused() {
    Answer answer = as("acme-eve").get("/v1/conversations");

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                403,
                null,
                "insufficient_permissions",
                "Your credential has none of the roles of this service. Expected one of:"
                    + " history-user, history-reviewer, history-admin, history-operator."));
    assertThat(answer.header("WWW-Authenticate")).isNull();
  }

  @Test
  void aUserWithoutATenantIsRefused() {
    assertThat(Refusal.of(as("nobody").get("/v1/conversations")))
        .isEqualTo(
            Refusal.invalid(
                403,
                null,
                "insufficient_permissions",
                "The user belongs to no tenant, by the name of the user."));
  }

  /** Those are what plug-ins of web servers send, and what proxies might. */
  @Test
  void noHeaderMakesAUser() {
    assertAsked(
        server
            .http()
            .with(
                "$WSRU: acme-alice",
                "$WSAT: BASIC",
                "$WSIS: true",
                "Remote-User: acme-alice",
                "X-Remote-User: acme-alice",
                "Proxy-User: acme-alice",
                "WL-Proxy-Client-Cert: eHh4",
                "x-smg-tenant-id: acme",
                "x-smg-user-id: acme-alice")
            .get("/v1/conversations"));
  }

  @Test
  void anApiKeyIsACredentialToo() {
    MadeHistory made = MadeHistory.by(alice);

    assertThat(aliceByKey.get("/v1/conversations/" + made.conversation()).status()).isEqualTo(200);

    Answer wrong = server.http().with("Authorization: Bearer hk_x").get("/v1/conversations");

    assertThat(Refusal.of(wrong).status()).isEqualTo(401);
    assertThat(wrong.header("WWW-Authenticate"))
        .isEqualTo("Bearer realm=\"history\", error=\"invalid_token\"");
  }

  /** A browser adds the login of its user to them, and asks nobody whether it may send them. */
  @Test
  void formsOfOtherPagesAreRefused() {
    for (String type :
        List.of("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")) {
      Answer answer =
          alice.send(
              "POST",
              "/v1/conversations",
              List.of("Content-Type: " + type),
              "{}".getBytes(StandardCharsets.UTF_8));

      assertThat(Refusal.of(answer).status()).isEqualTo(415);
    }
    assertThat(alice.get("/v1/conversations").header("Access-Control-Allow-Origin")).isNull();
  }

  /** Not even a request without a body, or one that a browser would ask the server about first. */
  @Test
  void aPageOfAnotherSiteCannotUseTheLoginOfABrowser() {
    MadeHistory made = MadeHistory.by(alice);
    String path = "/v1/conversations/" + made.conversation();
    List<Http> pages =
        List.of(
            alice.with("Sec-Fetch-Site: cross-site", "Origin: https://evil.example"),
            alice.with("Sec-Fetch-Site: same-site"),
            alice.with("Origin: https://evil.example"),
            alice.with("Origin: null"));
    for (Http page : pages) {
      for (Answer answer :
          List.of(
              page.send("POST", "/v1/conversations", null),
              page.post("/v1/conversations", "{}"),
              page.put("/v1/responses/resp_1", "{\"output\":[]}"),
              page.delete(path))) {
        assertThat(Refusal.of(answer))
            .isEqualTo(
                Refusal.invalid(
                    403,
                    null,
                    "cross_site_request",
                    "A page of another site made this request, so a login that the browser keeps"
                        + " does not count. Expected the header 'Authorization: Bearer …', or a page"
                        + " of an origin that the administrator has named in"
                        + " history-cors-origins."));
      }
    }
    assertThat(alice.with("Sec-Fetch-Site: cross-site").get(path).status()).isEqualTo(403);
    assertThat(alice.get(path).status()).isEqualTo(200);
  }

  @Test
  void thePagesOfTheServerItselfCanUseIt() {
    String own = server.baseUrl();

    for (Http page :
        List.of(
            alice.with("Sec-Fetch-Site: same-origin", "Origin: " + own),
            alice.with("Origin: " + own),
            aliceByKey.with("Sec-Fetch-Site: cross-site", "Origin: https://evil.example"))) {
      assertThat(page.post("/v1/conversations", "{}").status()).isEqualTo(200);
    }
  }

  /** With TLS there may be one: {@link TlsIT}. */
  @Test
  void noLoginIsKeptInACookieThatCrossesTheNetworkOpenly() {
    assertThat(alice.get("/v1/conversations").header("Set-Cookie")).isNull();
  }

  @Test
  void theConsoleIsOffUnlessItIsWanted() {
    for (String path : List.of("/console", "/console/", "/console/index.html")) {
      Answer answer = server.http().get(path);

      assertThat(Refusal.of(answer))
          .isEqualTo(Refusal.invalid(404, null, null, "Invalid URL (GET %s)".formatted(path)));
      assertThat(answer.header("WWW-Authenticate")).isNull();
      assertThat(alice.post(path, "{}").status()).isEqualTo(404);
    }
    assertThat(server.log()).contains("The console is off: history-console is not set");
  }

  @Test
  void passwordsAreInNoLog() {
    assertThat(server.log())
        .contains("Requests need a login to the server (history-auth=container)")
        .doesNotContain(RealmUser.PASSWORD);
  }
}
