package org.smg.history.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.config.Options;

class JwtOptionsTest {

  private static final Map<String, String> ONE =
      Map.of(
          "history-jwt-issuer", "https://login.example",
          "history-jwt-audience", "history",
          "history-jwt-jwks-url", "https://login.example/keys");

  private static final Map<String, String> TWO =
      Map.of(
          "history-jwt-issuers", "acme, globex",
          "history-jwt-audience", "history",
          "history-jwt-acme-issuer", "https://acme.example",
          "history-jwt-acme-jwks-url", "https://acme.example/keys",
          "history-jwt-acme-tenants", "acme,initech",
          "history-jwt-globex-issuer", "https://globex.example",
          "history-jwt-globex-audience", "api://history",
          "history-jwt-globex-jwks-url", "https://globex.example/keys",
          "history-jwt-globex-tenants", "globex");

  @Test
  void oneIssuerNeedsThreeOptions() {
    JwtOptions read = read(ONE);

    assertThat(read.issuers())
        .containsExactly(
            new Issuer(
                "https://login.example",
                List.of("history"),
                URI.create("https://login.example/keys"),
                Set.of(),
                Claim.of("tenant"),
                Claim.of("sub"),
                Claim.of("roles"),
                List.of("RS256", "ES256")));
    assertThat(read.keysMaxAge()).isEqualTo(Duration.ofHours(1));
  }

  /** What an issuer's own option does not say, the common one does. */
  @Test
  void severalIssuersHaveNames() {
    List<Issuer> issuers = read(TWO).issuers();

    assertThat(issuers)
        .extracting(Issuer::url)
        .containsExactly("https://acme.example", "https://globex.example");
    assertThat(issuers)
        .extracting(Issuer::audiences)
        .containsExactly(List.of("history"), List.of("api://history"));
    assertThat(issuers)
        .extracting(Issuer::tenants)
        .containsExactly(Set.of("acme", "initech"), Set.of("globex"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-jwt-issuer | | history-jwt-issuer: is required with history-auth=jwt",
        "history-jwt-audience | | history-jwt-audience: is required with history-auth=jwt",
        "history-jwt-audience | a,,b | history-jwt-audience: 'a,,b' is no list of different words,"
            + " separated by commas",
        "history-jwt-jwks-url | | history-jwt-jwks-url: is required with history-auth=jwt",
        "history-jwt-tenants | acme,a b | history-jwt-tenants: 'acme,a b' is no list of different"
            + " tenants, separated by commas; allowed are 1 to 255 ASCII letters, digits and . _ @ +"
            + " -",
        "history-jwt-roles-claim | /a~ | history-jwt-roles-claim: '/a~' is neither the name of a"
            + " claim nor a JSON pointer such as /realm_access/roles",
        "history-jwt-keys-max-age-minutes | 9 | history-jwt-keys-max-age-minutes: '9' is not a whole"
            + " number from 10 to 1440",
      })
  void whatIsMissingOrMalformedIsTold(String option, String value, String fault) {
    assertFault(ONE, option, value, fault);
  }

  @ParameterizedTest
  @CsvSource({"none", "HS256", "'RS256,HS256'", "rs256", "ES256K", "''", "'RS256,RS256'"})
  void onlyAlgorithmsWithPublicKeysAreAllowed(String value) {
    assertFault(
        ONE,
        "history-jwt-algorithms",
        value,
        "history-jwt-algorithms: '%s' is no list of different algorithms, separated by commas; allowed are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA"
            .formatted(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-jwt-issuers | acme,Globex | history-jwt-issuers: 'acme,Globex' is no list of"
            + " different names, separated by commas; allowed are 1 to 32 lower-case letters and"
            + " digits, a letter first",
        "history-jwt-globex-issuer | | history-jwt-globex-issuer: is required with history-auth=jwt",
        "history-jwt-globex-issuer | https://acme.example | history-jwt-globex-issuer: is that of"
            + " another issuer; each needs its own",
        "history-jwt-globex-tenants | | history-jwt-globex-tenants: is required where there are"
            + " several issuers",
        "history-jwt-globex-tenants | globex,acme | history-jwt-globex-tenants: has a tenant of"
            + " another issuer; a tenant belongs to one of them",
        "history-jwt-globex-algorithms | HS256 | history-jwt-globex-algorithms: 'HS256' is no list of"
            + " different algorithms, separated by commas; allowed are RS256, RS384, RS512, PS256,"
            + " PS384, PS512, ES256, ES384, ES512, EdDSA",
      })
  void issuersDoNotShareTenants(String option, String value, String fault) {
    assertFault(TWO, option, value, fault);
  }

  private static void assertFault(
      Map<String, String> right, String option, String value, String fault) {
    Map<String, String> wrong = new HashMap<>(right);
    if (value == null) {
      wrong.remove(option);
    } else {
      wrong.put(option, value);
    }

    assertThatThrownBy(() -> read(wrong)).hasMessageContaining(fault);
  }

  private static JwtOptions read(Map<String, String> set) {
    Options options = new Options(name -> Optional.ofNullable(set.get(name)));
    JwtOptions read = JwtOptions.read(options);
    options.check();
    return read;
  }
}
