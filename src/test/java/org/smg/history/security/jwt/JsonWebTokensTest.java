package org.smg.history.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.config.Options;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;

@Timeout(120)
class JsonWebTokensTest {

  private static final Identity ALICE = new Identity("acme", "alice", Set.of(Role.USER));

  private final IdentityProvider provider = new IdentityProvider();
  private final JsonWebTokens tokens = tokens(Map.of());

  @AfterEach
  void close() {
    provider.close();
  }

  private JsonWebTokens tokens(Map<String, String> more) {
    Map<String, String> set = new HashMap<>();
    set.put("history-jwt-issuer", provider.issuer());
    set.put("history-jwt-audience", IdentityProvider.AUDIENCE);
    set.put("history-jwt-jwks-url", provider.keysUrl().toString());
    set.putAll(more);
    return read(set);
  }

  private static JsonWebTokens read(Map<String, String> set) {
    Options options = new Options(name -> Optional.ofNullable(set.get(name)));
    JsonWebTokens tokens = JsonWebTokens.read(options);
    options.check();
    return tokens;
  }

  @Test
  void aTokenCounts() {
    String token = provider.token("acme", "alice", "history-user");

    assertThat(tokens.identify(token)).contains(ALICE);
    assertThat(tokens.identify(token)).contains(ALICE);
  }

  @Test
  void namesOfUsersMayBeThoseOfProviders() {
    String user = "auth0|CN=Alice Smith, O=Acme:é";

    assertThat(tokens.identify(provider.token("acme", user, "history-user")))
        .contains(new Identity("acme", user, Set.of(Role.USER)));
  }

  @Test
  void aTokenMayNameSeveralAudiences() {
    assertThat(tokens.identify(with("aud", List.of("other", IdentityProvider.AUDIENCE))))
        .contains(ALICE);
  }

  @Test
  void severalAudiencesMayCount() {
    JsonWebTokens two = tokens(Map.of("history-jwt-audience", "api://history, other"));

    assertThat(two.identify(with("aud", "other"))).contains(ALICE);
    assertThat(two.identify(with("aud", IdentityProvider.AUDIENCE))).isEmpty();
  }

  @Test
  void rolesMayBeAListOrWords() {
    Set<Role> both = Set.of(Role.USER, Role.ADMIN);

    assertThat(roles(List.of("history-user", "offline_access", "history-admin"))).isEqualTo(both);
    assertThat(roles("history-user offline_access  history-admin")).isEqualTo(both);
  }

  @Test
  void whatIsNoRoleOfOursIsLeftOut() {
    for (Object none :
        Arrays.asList(
            List.of(),
            List.of("admin", "HISTORY-USER", " history-user", 1, List.of("history-user")),
            List.of(Map.of("history-user", true)),
            "",
            "history-users",
            "history-user,history-admin",
            1,
            true,
            Map.of("history-user", "history-user"),
            null)) {
      assertThat(roles(none)).as(String.valueOf(none)).isEmpty();
    }
  }

  private Set<Role> roles(Object claim) {
    return tokens.identify(with("roles", claim)).orElseThrow().roles();
  }

  @Test
  void claimsAreFoundWhereAnAdministratorSays() {
    JsonWebTokens keycloak =
        tokens(
            Map.of(
                "history-jwt-tenant-claim", "https://acme.example/org",
                "history-jwt-user-claim", "preferred_username",
                "history-jwt-roles-claim", "/resource_access/history/roles"));
    Map<String, Object> claims = provider.claims("other", "other");
    claims.put("https://acme.example/org", "acme");
    claims.put("preferred_username", "alice");
    claims.put("resource_access", Map.of("history", Map.of("roles", List.of("history-user"))));

    assertThat(keycloak.identify(provider.sign(claims))).contains(ALICE);
  }

  @Test
  void everyTimeHasASkewOfAMinute() {
    long now = Instant.now().getEpochSecond();

    assertThat(tokens.identify(expiring(now - 40))).contains(ALICE);
    assertThat(tokens.identify(with("nbf", now + 40))).contains(ALICE);
    assertThat(tokens.identify(with("iat", now + 40))).contains(ALICE);
    assertThat(tokens.identify(expiring(now - 61))).isEmpty();
    assertThat(tokens.identify(with("nbf", now + 100))).isEmpty();
    assertThat(tokens.identify(with("iat", now + 100))).isEmpty();
  }

  @Test
  void aTokenThatWasMadeLongAgoCountsUntilItExpires() {
    assertThat(tokens.identify(with("iat", 0))).contains(ALICE);
    assertThat(tokens.identify(with("nbf", 0))).contains(ALICE);
  }

  /** A digest of the token is kept, and no longer than the token counts. */
  @Test
  void aKnownTokenIsNotVerifiedForAMinute() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    CountedKeys keys = new CountedKeys();
    JsonWebTokens counted =
        new JsonWebTokens(
            Map.of(provider.issuer(), keys.issuer()), now::get, new EventLog(LogFormat.TEXT));
    String token = provider.token("acme", "alice", "history-user");

    for (int i = 0; i < 10; i++) {
      assertThat(counted.identify(token)).contains(ALICE);
    }
    int once = keys.verified();
    now.updateAndGet(then -> then.plusSeconds(VerifiedTokens.MAX_AGE));
    assertThat(counted.identify(token)).contains(ALICE);

    assertThat(keys.verified()).isGreaterThan(once);
  }

  /** Counts in an issuer how often a key is looked for. */
  private final class CountedKeys {

    private final AtomicInteger looked = new AtomicInteger();

    TrustedIssuer issuer() {
      Issuer issuer =
          new Issuer(
              provider.issuer(),
              List.of(IdentityProvider.AUDIENCE),
              provider.keysUrl(),
              Set.of(),
              Claim.of("tenant"),
              Claim.of("sub"),
              Claim.of("roles"),
              List.of("RS256"));
      return new TrustedIssuer(
          issuer,
          new IssuerKeys(
              "issuer",
              () -> CompletableFuture.completedFuture(List.of(provider.key())),
              Duration.ofHours(1),
              () -> looked.incrementAndGet(),
              new EventLog(LogFormat.TEXT)));
    }

    int verified() {
      return looked.get();
    }
  }

  @Test
  void whileNoKeyIsKnownNothingIsDecided() {
    provider.answer(exchange -> IdentityProvider.send(exchange, 503, ""));
    JsonWebTokens waiting = tokens(Map.of());

    assertThatThrownBy(() -> waiting.identify(provider.token("acme", "alice", "history-user")))
        .isInstanceOf(HistoryFailure.Unavailable.class);
    assertThat(waiting.identify("a.b.c")).isEmpty();
    assertThat(waiting.identify(with("iss", "https://other.example"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "typ, JWT, true",
        "typ, jwt, true",
        "typ, at+jwt, true",
        "typ, application/at+JWT, true",
        "typ, logout+jwt, false",
        "typ, dpop+jwt, false",
        "typ, JOSE, false",
        "typ, '', false",
      })
  void onlyTokensForServicesCount(String header, String value, boolean counts) {
    assertThat(tokens.identify(withHeader(header, value)).isPresent()).isEqualTo(counts);
  }

  /** Several issuers, each of which speaks for its own tenants. */
  @Test
  void anIssuerSpeaksForItsTenantsAlone() {
    try (IdentityProvider other = new IdentityProvider()) {
      JsonWebTokens two =
          read(
              Map.of(
                  "history-jwt-issuers",
                  "first,second",
                  "history-jwt-audience",
                  IdentityProvider.AUDIENCE,
                  "history-jwt-first-issuer",
                  provider.issuer(),
                  "history-jwt-first-jwks-url",
                  provider.keysUrl().toString(),
                  "history-jwt-first-tenants",
                  "acme, initech",
                  "history-jwt-second-issuer",
                  other.issuer(),
                  "history-jwt-second-jwks-url",
                  other.keysUrl().toString(),
                  "history-jwt-second-tenants",
                  "globex",
                  "history-jwt-second-user-claim",
                  "email"));
      Map<String, Object> bob = other.claims("globex", "0815", "history-user");
      bob.put("email", "bob@globex.example");
      Map<String, Object> intruder = new HashMap<>(bob);
      intruder.put("tenant", "acme");
      Map<String, Object> disguised = new HashMap<>(intruder);
      disguised.put("iss", provider.issuer());

      assertThat(two.identify(provider.token("acme", "alice", "history-user"))).contains(ALICE);
      assertThat(two.identify(provider.token("initech", "alice", "history-user"))).isPresent();
      assertThat(two.identify(other.sign(bob)))
          .contains(new Identity("globex", "bob@globex.example", Set.of(Role.USER)));
      assertThat(two.identify(provider.token("globex", "alice", "history-user"))).isEmpty();
      assertThat(two.identify(other.sign(intruder))).isEmpty();
      assertThat(two.identify(other.sign(disguised))).isEmpty();
      assertThat(two.identify(provider.token("umbrella", "alice", "history-user"))).isEmpty();
    }
  }

  @Test
  void otherAlgorithmsHaveToBeAllowed() throws JoseException {
    PublicJsonWebKey curve = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    curve.setKeyId("curve");
    PublicJsonWebKey rsa = provider.key();
    rsa.setAlgorithm(null);
    provider.answer(
        exchange -> IdentityProvider.send(exchange, 200, new JsonWebKeySet(rsa, curve).toJson()));
    JsonWebTokens standard = tokens(Map.of());
    JsonWebTokens pss = tokens(Map.of("history-jwt-algorithms", "PS256"));
    String es256 = signed("ES256", curve.getPrivateKey(), "curve");
    String ps256 = signed("PS256", rsa.getPrivateKey(), rsa.getKeyId());
    String rs256 = signed("RS256", rsa.getPrivateKey(), rsa.getKeyId());

    assertThat(standard.identify(es256)).contains(ALICE);
    assertThat(standard.identify(rs256)).contains(ALICE);
    assertThat(standard.identify(ps256)).isEmpty();
    assertThat(pss.identify(ps256)).contains(ALICE);
    assertThat(pss.identify(rs256)).isEmpty();
    assertThat(pss.identify(es256)).isEmpty();
  }

  /** Whatever is wrong with a token, it is refused in the same way. */
  @Test
  void forgedTokensAreRefused() throws Exception {
    String right = provider.token("acme", "alice", "history-user");
    assertThat(tokens.identify(right)).contains(ALICE);

    for (Map.Entry<String, String> forged : forged(right).entrySet()) {
      long begun = System.nanoTime();

      assertThat(tokens.identify(forged.getValue())).as(forged.getKey()).isEmpty();

      // A request may wait once for the keys.
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as(forged.getKey())
          .isLessThan(Duration.ofSeconds(5));
    }
    assertThat(provider.fetches()).isLessThanOrEqualTo(3);
  }

  private Map<String, String> forged(String right) throws Exception {
    String[] parts = right.split("\\.");
    String signature = parts[2];
    String claims = JsonUtil.toJson(provider.claims("acme", "alice", "history-user"));
    Map<String, String> all = new LinkedHashMap<>();

    all.put("nothing", "");
    all.put("dots", "..");
    all.put("many dots", ".".repeat(1_000_000));
    all.put("two parts", parts[0] + "." + parts[1]);
    all.put("no signature", parts[0] + "." + parts[1] + ".");
    all.put("four parts", right + "." + signature);
    all.put("an encrypted token", right + "." + signature + "." + signature);
    all.put("huge", parts[0] + "." + "A".repeat(5_000_000) + "." + signature);
    all.put("large", provider.sign(Map.of("iss", provider.issuer(), "x", "y".repeat(16_000))));
    all.put("padding", parts[0] + "==." + parts[1] + "." + signature);
    all.put("other base64", right.replace('-', '+').replace('_', '/') + "+");
    all.put("spaces", parts[0] + ". " + parts[1] + "." + signature);
    all.put("a line break", right + "\n");
    all.put("no base64", "\u00e4.\u00e4.\u00e4");
    all.put("cut off", right.substring(0, right.length() - 1));
    all.put("another signature", parts[0] + "." + parts[1] + "." + flipped(signature));
    all.put("other claims", parts[0] + "." + base64(claims + " ") + "." + signature);
    all.put("an API key", "hk_" + "x".repeat(44));

    for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
      String header = "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(none, provider.key().getKeyId());
      all.put("alg " + none + ", no signature", base64(header) + "." + parts[1] + ".");
      all.put("alg " + none, base64(header) + "." + parts[1] + "." + signature);
    }
    for (String hmac : List.of("HS256", "HS384", "HS512")) {
      Key encoded = new HmacKey(provider.key().getPublicKey().getEncoded());
      Key pem =
          new HmacKey(
              ("-----BEGIN PUBLIC KEY-----\n"
                      + Base64.getMimeEncoder()
                          .encodeToString(provider.key().getPublicKey().getEncoded())
                      + "\n-----END PUBLIC KEY-----\n")
                  .getBytes(StandardCharsets.US_ASCII));
      all.put(hmac + " with the public key", signed(hmac, encoded, provider.key().getKeyId()));
      all.put(hmac + " with the public key as PEM", signed(hmac, pem, null));
    }
    for (String algorithm : List.of("RS384", "RS512", "PS256")) {
      all.put(
          algorithm, signed(algorithm, provider.key().getPrivateKey(), provider.key().getKeyId()));
    }

    try (IdentityProvider stranger = new IdentityProvider()) {
      PublicJsonWebKey other = stranger.key();
      String otherKey = JsonUtil.toJson(other.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
      Map<String, Object> publicKey = JsonUtil.parseJson(otherKey);
      String kid = provider.key().getKeyId();
      all.put("a stranger's key", stranger.sign(claims, Map.of()));
      all.put("a stranger's key under our name", stranger.sign(claims, Map.of("kid", kid)));
      all.put("an embedded key", stranger.sign(claims, Map.of("jwk", publicKey, "kid", kid)));
      all.put("an embedded key without name", stranger.sign(claims, Map.of("jwk", publicKey)));
      all.put(
          "a URL of keys",
          stranger.sign(claims, Map.of("jku", stranger.keysUrl().toString(), "kid", kid)));
      all.put(
          "a URL of a certificate",
          stranger.sign(claims, Map.of("x5u", stranger.keysUrl().toString(), "kid", kid)));
      all.put("a certificate", stranger.sign(claims, Map.of("x5c", List.of("MIIB"), "kid", kid)));
      all.put("a digest of a certificate", stranger.sign(claims, Map.of("x5t", "abc")));
      for (String strange :
          List.of(
              "../../../../dev/null",
              "/dev/null",
              "x' OR '1'='1",
              "x'; DROP TABLE keys; --",
              "| id",
              "\u0000",
              "\r\nX: y",
              "${jndi:ldap://localhost/a}",
              "http://localhost/",
              "*",
              "",
              "k".repeat(5_000))) {
        all.put("kid " + strange, stranger.sign(claims, Map.of("kid", strange)));
      }
      assertThat(stranger.fetches()).isZero();
    }

    headers(all);
    claims(all, claims);
    changed(all, right);
    random(all);
    return all;
  }

  /** Signed with the right key, but with headers that a receiver must not pass over. */
  private void headers(Map<String, String> all) {
    for (Map<String, Object> header :
        List.<Map<String, Object>>of(
            Map.of("crit", List.of("exp"), "exp", 1),
            Map.of("crit", List.of("unknown"), "unknown", true),
            Map.of("crit", List.of("unknown")),
            Map.of("crit", "unknown"),
            Map.of("crit", 1),
            Map.of("typ", 1),
            Map.of("typ", List.of("JWT")),
            Map.of("kid", 1),
            Map.of("kid", Map.of()),
            Map.of("cty", "JWT", "typ", "dpop+jwt"))) {
      all.put("header " + header, signedRaw(JsonUtil.toJson(headerWith(header))));
    }
    String kid = provider.key().getKeyId();
    for (String header :
        List.of(
            "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"%s\"}",
            "{\"alg\":\"RS256\",\"kid\":\"other\",\"kid\":\"%s\"}",
            "{\"alg\":\"RS256\",\"kid\":\"%s\",\"kid\":\"%<s\"}",
            "{\"alg\":1,\"kid\":\"%s\"}",
            "{\"alg\":null,\"kid\":\"%s\"}",
            "{\"alg\":[\"RS256\"],\"kid\":\"%s\"}",
            "{\"kid\":\"%s\"}",
            "{\"alg\":\"RS256\",\"kid\":\"%s\"",
            "{\"alg\":\"RS256\",\"kid\":\"%s\"}{}",
            "[\"%s\"]",
            "\"%s\"",
            "\u0000%s",
            "null",
            "",
            "{}",
            "1e99999999",
            "[".repeat(5_000),
            "{\"a\":".repeat(1_500),
            "{\"alg\":\"RS256\",\"kid\":\"%s\",\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "",
            "\uFEFF{\"alg\":\"RS256\",\"kid\":\"%s\"}")) {
      all.put("header " + header, signedRaw(header.formatted(kid)));
    }
  }

  private Map<String, Object> headerWith(Map<String, Object> more) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", "RS256");
    header.put("kid", provider.key().getKeyId());
    header.putAll(more);
    return header;
  }

  /** Signed with the right key, but with claims that are missing, wrong or malformed. */
  private void claims(Map<String, String> all, String claims) {
    long now = Instant.now().getEpochSecond();
    for (String missing : List.of("iss", "aud", "exp", "tenant", "sub")) {
      Map<String, Object> some = provider.claims("acme", "alice", "history-user");
      some.remove(missing);
      all.put("without " + missing, provider.sign(some));
    }
    List<Object> wrong =
        new ArrayList<>(
            Arrays.asList(
                null,
                1,
                1.5,
                true,
                "",
                " ",
                "a\nb",
                "a\u0000b",
                "a\u202Eb",
                "x".repeat(256),
                List.of(),
                List.of("acme", "alice"),
                Map.of("a", "b")));
    for (String claim : List.of("iss", "aud", "tenant", "sub")) {
      wrong.forEach(value -> all.put(claim + " = " + value, with(claim, value)));
    }
    all.put("another issuer", with("iss", provider.issuer() + "/"));
    all.put("another issuer's case", with("iss", provider.issuer().replace("http", "HTTP")));
    all.put("another audience", with("aud", "other"));
    all.put("another audience's case", with("aud", "History"));
    all.put("part of an audience", with("aud", "hist"));
    all.put("a tenant with spaces", with("tenant", "acme corp"));
    all.put("a path for a tenant", with("tenant", "../globex"));
    all.put("a pattern for a tenant", with("tenant", "*"));
    all.put("expired", expiring(now - 61));
    all.put("expired long ago", with("exp", 0));
    all.put("not yet valid", with("nbf", now + 300));
    all.put("from the future", with("iat", now + 300));
    for (String time : List.of("exp", "nbf", "iat")) {
      for (Object malformed :
          Arrays.asList("tomorrow", "" + (now + 300), true, List.of(now), Map.of())) {
        all.put(time + " = " + malformed, with(time, malformed));
      }
    }
    all.put("negative exp", with("exp", -1));
    all.put("smallest exp", with("exp", Long.MIN_VALUE));
    for (String raw :
        List.of(
            "",
            "null",
            "[]",
            "\"text\"",
            "{",
            claims.substring(0, claims.length() - 1),
            claims + claims,
            claims.replace("\"exp\":", "\"exp\":1,\"exp\":"),
            claims.replace("\"sub\":", "\"sub\":\"root\",\"sub\":"),
            claims.replace("\"tenant\":", "\"tenant\":\"globex\",\"tenant\":"),
            claims.replaceFirst("\"exp\":\\d+", "\"exp\":" + "9".repeat(5_000)),
            claims.replaceFirst("\"exp\":\\d+", "\"exp\":NaN"),
            "[".repeat(9_000),
            "{\"a\":".repeat(1_800),
            claims.replaceFirst("\\{", "{\"a\":" + "[".repeat(9_000) + ","))) {
      all.put("claims " + raw, provider.sign(raw, Map.of()));
    }
  }

  /** Each character of a right token, changed. */
  private static void changed(Map<String, String> all, String right) {
    // What is left over in the last character of a signature says nothing.
    for (int i = 0; i < right.length() - 1; i++) {
      char other = right.charAt(i) == 'A' ? 'B' : 'A';
      all.put("character " + i, right.substring(0, i) + other + right.substring(i + 1));
    }
  }

  private static void random(Map<String, String> all) {
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      String text = base64(bytes);
      all.put("random " + i, text + "." + text + "." + text);
      all.put(
          "random claims " + i,
          base64("{\"alg\":\"RS256\"}") + "." + text + "." + base64(new byte[256]));
    }
  }

  private String with(String claim, Object value) {
    Map<String, Object> claims = provider.claims("acme", "alice", "history-user");
    claims.put(claim, value);
    return provider.sign(claims);
  }

  private String expiring(long time) {
    Map<String, Object> claims = provider.claims("acme", "alice", "history-user");
    claims.put("iat", 0);
    claims.put("exp", time);
    return provider.sign(claims);
  }

  private String withHeader(String header, Object value) {
    String claims = JsonUtil.toJson(provider.claims("acme", "alice", "history-user"));
    return provider.sign(claims, Map.of(header, value));
  }

  private String signed(String algorithm, Key key, String keyId) throws JoseException {
    JsonWebSignature token = new JsonWebSignature();
    token.setPayload(JsonUtil.toJson(provider.claims("acme", "alice", "history-user")));
    token.setAlgorithmHeaderValue(algorithm);
    if (keyId != null) {
      token.setKeyIdHeaderValue(keyId);
    }
    token.setKey(key);
    return token.getCompactSerialization();
  }

  /** Signs any header, as no library would. */
  private String signedRaw(String header) {
    String claims = JsonUtil.toJson(provider.claims("acme", "alice", "history-user"));
    String content = base64(header) + "." + base64(claims);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(provider.key().getPrivateKey());
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String flipped(String signature) {
    return (signature.charAt(0) == 'A' ? 'B' : 'A') + signature.substring(1);
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
