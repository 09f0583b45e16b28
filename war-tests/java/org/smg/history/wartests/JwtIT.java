package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.conversations.Conversation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.smg.history.security.jwt.IdentityProvider;

/** Tokens of an identity provider on a running server, beside API keys. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class JwtIT {

  private IdentityProvider provider;
  private KeyRing keys;
  private ApplicationServer server;

  @BeforeAll
  void start() {
    provider = new IdentityProvider();
    keys = KeyRing.named("jwt");
    keys.create("acme", "carol", "history-user");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("own"));
    options.put("HISTORY_AUTH", "api-key,jwt");
    options.put("HISTORY_JWT_ISSUER", provider.issuer());
    options.put("HISTORY_JWT_AUDIENCE", IdentityProvider.AUDIENCE);
    options.put("HISTORY_JWT_JWKS_URL", provider.keysUrl().toString());
    options.put("HISTORY_JWT_TENANTS", "acme,globex");
    server = TestServer.chosen().start("jwt", options);
  }

  @AfterAll
  void stop() {
    server.close();
    provider.close();
  }

  private String alice() {
    return provider.token("acme", "alice", "history-user");
  }

  private OpenAIClient client(String token) {
    return OpenAIOkHttpClient.builder().baseUrl(server.baseUrl() + "/v1").apiKey(token).build();
  }

  private Http as(String token) {
    return server.http().with("Authorization: Bearer " + token);
  }

  @Test
  void openAisClientSendsATokenAsItsKey() {
    OpenAIClient mine = client(alice());
    OpenAIClient strangers = client(provider.token("globex", "alice", "history-user"));
    OpenAIClient colleagues = client(provider.token("acme", "auth0|bob", "history-user"));
    OpenAIClient nobodys = client(alice() + "AAAA");
    OpenAIClient withoutRole = client(provider.token("acme", "dave", "offline_access"));
    try {
      Conversation created = mine.conversations().create();

      assertThat(mine.conversations().retrieve(created.id())).isEqualTo(created);
      assertThatThrownBy(() -> strangers.conversations().retrieve(created.id()))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> colleagues.conversations().retrieve(created.id()))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> nobodys.conversations().retrieve(created.id()))
          .isInstanceOf(UnauthorizedException.class);
      assertThatThrownBy(() -> withoutRole.conversations().create())
          .isInstanceOf(PermissionDeniedException.class);
    } finally {
      // An open connection would delay the server's end.
      List.of(mine, strangers, colleagues, nobodys, withoutRole).forEach(OpenAIClient::close);
    }
  }

  @Test
  void aTokenAndAKeyOfOneUserAreTheSameUser() {
    Http byKey = as(keys.create("acme", "erin", "history-user"));
    Http byToken = as(provider.token("acme", "erin", "history-user"));
    byKey.awaitStatus(200);
    MadeHistory made = MadeHistory.by(byToken);

    assertThat(made.seenBy(byKey)).isEqualTo(made.seenBy(byToken));
  }

  @Test
  void withoutACredentialTheClientIsToldWhatIsExpected() {
    Answer answer = server.http().get("/v1/conversations");

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                401,
                null,
                "invalid_api_key",
                "No credential was sent. Expected the header 'Authorization: Bearer …' with an API"
                    + " key or a JSON Web Token."));
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"history\"");
  }

  @Test
  void aWrongTokenIsRefusedWhateverIsWrongWithIt() {
    Map<String, Object> expired = provider.claims("acme", "alice", "history-user");
    expired.put("iat", Instant.now().getEpochSecond() - 7200);
    expired.put("exp", Instant.now().getEpochSecond() - 3600);
    Map<String, Object> elsewhere = provider.claims("acme", "alice", "history-user");
    elsewhere.put("aud", "other");
    for (String wrong :
        List.of(
            provider.sign(expired),
            provider.sign(elsewhere),
            provider.token("initech", "alice", "history-user"),
            "eyJhbGciOiJub25lIn0." + alice().split("\\.")[1] + ".",
            "a.b.c",
            "e30.e30.e30",
            "A".repeat(5_000))) {
      Answer answer = as(wrong).post("/v1/conversations", "{}");

      assertThat(Refusal.of(answer))
          .isEqualTo(
              Refusal.invalid(
                  401,
                  null,
                  "invalid_api_key",
                  "Incorrect credential. Expected one header 'Authorization: Bearer …' with an API"
                      + " key or a JSON Web Token that is neither expired nor revoked."));
      assertThat(answer.header("WWW-Authenticate"))
          .isEqualTo("Bearer realm=\"history\", error=\"invalid_token\"");
    }
  }

  @Test
  void aTokenWithoutARoleOfOursIsForbidden() {
    Answer answer =
        as(provider.token("acme", "dave", "offline_access")).get("/v1/conversations/conv_1");

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                403,
                null,
                "insufficient_permissions",
                "Your credential has none of the roles of this service. Expected one of:"
                    + " history-user, history-reviewer, history-admin, history-operator."));
  }

  @Test
  void anotherKeyOfTheIssuerIsFetched() {
    provider.rotate();

    as(provider.token("acme", "alice", "history-user")).awaitStatus(200);
  }

  @Test
  void tokensAreInNoLog() {
    as(alice()).get("/v1/conversations");

    assertThat(server.log())
        .contains(
            "Requests need an API key or a JSON Web Token (history-auth=api-key,jwt,"
                + " history-access=own)")
        .doesNotContain("eyJ");
  }
}
