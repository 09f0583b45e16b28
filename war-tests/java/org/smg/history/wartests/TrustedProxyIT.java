package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Tenants and users that a proxy names, beside API keys. */
@OnOneGlassFish
@TestInstance(Lifecycle.PER_CLASS)
class TrustedProxyIT {

  private static final String PROXY = "127.0.0.2";

  private KeyRing keys;
  private String key;
  private ApplicationServer server;

  @BeforeAll
  void start() {
    keys = KeyRing.named("trusted-proxy");
    key = keys.create("acme", "bob", "history-user");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("own"));
    options.put("HISTORY_AUTH", "proxy,api-key");
    options.put("HISTORY_TRUSTED_PROXIES", PROXY + ",fd00::/8");
    server = TestServer.chosen().start("trusted-proxy", options);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Http from(String address, String tenant, String user) {
    return server.http().from(address).with("x-smg-tenant-id: " + tenant, "X-SMG-User-Id: " + user);
  }

  @Test
  void aTrustedProxyNamesTenantAndUser() {
    Http alice = from(PROXY, "acme", "alice");
    MadeHistory made = MadeHistory.by(alice);
    String path = "/v1/conversations/" + made.conversation();

    assertThat(alice.get(path).status()).isEqualTo(200);
    assertThat(from(PROXY, "acme", "carol").get(path).status()).isEqualTo(404);
    assertThat(from(PROXY, "globex", "alice").get(path).status()).isEqualTo(404);
    assertThat(alice.with("X-Access-Reason: audit").delete(path).status()).isEqualTo(200);
  }

  /** Headers that say where a request came from do not make an address. */
  @Test
  void othersNameNobodyWhateverTheySend() {
    Answer answer =
        from("127.0.0.3", "acme", "alice")
            .with(
                "X-Forwarded-For: " + PROXY,
                "Forwarded: for=" + PROXY,
                "X-Real-IP: " + PROXY,
                "$WSRA: " + PROXY,
                "$WSRH: " + PROXY,
                "$WSCC: eHh4",
                "WL-Proxy-Client-IP: " + PROXY,
                "Proxy-IP: " + PROXY)
            .get("/v1/conversations");

    assertThat(Refusal.of(answer).status()).isEqualTo(401);
    Writers.await(
        "it is not in the log",
        () ->
            server
                .log()
                .contains(
                    "Ignored the headers x-smg-tenant-id, x-smg-user-id of 1 requests up to"
                        + " now, the last one from 127.0.0.3"));
  }

  /** Clients pass keys of their own through a proxy, such as those of a model's provider. */
  @Test
  void theProxysHeadersGoBeforeACredential() {
    MadeHistory made = MadeHistory.by(from(PROXY, "acme", "alice"));
    String path = "/v1/conversations/" + made.conversation();

    for (String credential : new String[] {"Bearer " + key, "Bearer sk-other", "Basic eDp4"}) {
      assertThat(
              from(PROXY, "acme", "alice").with("Authorization: " + credential).get(path).status())
          .as(credential)
          .isEqualTo(200);
    }
  }

  @Test
  void aProxyThatNamesNobodyNeedsACredential() {
    Http proxy = server.http().from(PROXY);

    assertThat(proxy.get("/v1/conversations").status()).isEqualTo(401);
    assertThat(proxy.with("Authorization: Bearer " + key).get("/v1/conversations").status())
        .isEqualTo(200);
  }

  @Test
  void aHeaderThatWasSentTwiceIsRefused() {
    Answer answer =
        from(PROXY, "acme", "alice").with("X-Smg-Tenant-Id: globex").get("/v1/conversations");

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                400,
                "x-smg-tenant-id",
                "invalid_value",
                "Invalid 'x-smg-tenant-id': the header was sent 2 times. Expected it once."));
  }

  @Test
  void malformedNamesAreRefused() {
    for (String name : new String[] {"", "two words", "a,b", "é", "x".repeat(256)}) {
      Answer answer = from(PROXY, name, "alice").get("/v1/conversations");

      assertThat(Refusal.of(answer))
          .as(name)
          .isEqualTo(
              Refusal.invalid(
                  400,
                  "x-smg-tenant-id",
                  "invalid_value",
                  "Invalid 'x-smg-tenant-id': expected 1 to 255 ASCII letters, digits and"
                      + " . _ @ + -."));
    }
  }
}
