package org.smg.history.security.jwt;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.security.authentication.Identity;

/**
 * The options of tokens. Where there are several issuers, each has a name, and its own options have
 * that name in them: {@code history-jwt-acme-audience}. What it does not set is what the option
 * without a name says.
 *
 * @param issuers whose tokens count
 * @param keysMaxAge how long keys count after they were fetched
 */
record JwtOptions(List<Issuer> issuers, Duration keysMaxAge) {

  static final Option<List<String>> ISSUERS =
      Option.of("history-jwt-issuers", List.of(), JwtOptions::names);

  static final Option<String> ISSUER = Option.text("history-jwt-issuer", "");

  static final Option<List<String>> AUDIENCE =
      Option.of("history-jwt-audience", List.of(), JwtOptions::words);

  static final Option<URI> JWKS_URL = Option.of("history-jwt-jwks-url", null, Jwks::url);

  static final Option<List<String>> TENANTS =
      Option.of("history-jwt-tenants", List.of(), JwtOptions::tenants);

  static final Option<Claim> TENANT_CLAIM =
      Option.of("history-jwt-tenant-claim", Claim.of("tenant"), Claim::of);

  static final Option<Claim> USER_CLAIM =
      Option.of("history-jwt-user-claim", Claim.of("sub"), Claim::of);

  static final Option<Claim> ROLES_CLAIM =
      Option.of("history-jwt-roles-claim", Claim.of("roles"), Claim::of);

  static final Option<List<String>> ALGORITHMS =
      Option.of(
          "history-jwt-algorithms",
          List.of(
              AlgorithmIdentifiers.RSA_USING_SHA256,
              AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256),
          JwtOptions::algorithms);

  static final Option<Integer> KEYS_MAX_AGE_MINUTES =
      Option.number("history-jwt-keys-max-age-minutes", 60, 10, 1440);

  private static final String PREFIX = "history-jwt";

  /** Those with a public key; never {@code none}, and no HMAC. */
  private static final List<String> ALL_ALGORITHMS =
      List.of(
          AlgorithmIdentifiers.RSA_USING_SHA256,
          AlgorithmIdentifiers.RSA_USING_SHA384,
          AlgorithmIdentifiers.RSA_USING_SHA512,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
          AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
          AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
          AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
          AlgorithmIdentifiers.EDDSA);

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,31}");

  /** Reads the options; what is missing or does not fit together is added to their faults. */
  static JwtOptions read(Options options) {
    List<String> names = options.get(ISSUERS);
    List<Issuer> issuers = new ArrayList<>();
    if (names.isEmpty()) {
      issuers.add(new Reader(options, "").issuer());
    }
    Set<String> urls = new HashSet<>();
    Set<String> bound = new HashSet<>();
    for (String name : names) {
      Reader reader = new Reader(options, "-" + name);
      Issuer issuer = reader.issuer();
      issuers.add(issuer);
      if (!issuer.url().isEmpty() && !urls.add(issuer.url())) {
        reader.refuse(ISSUER, "is that of another issuer; each needs its own");
      }
      if (issuer.tenants().isEmpty()) {
        reader.refuse(TENANTS, "is required where there are several issuers");
      }
      if (issuer.tenants().stream().filter(tenant -> !bound.add(tenant)).count() > 0) {
        reader.refuse(TENANTS, "has a tenant of another issuer; a tenant belongs to one of them");
      }
    }
    return new JwtOptions(
        List.copyOf(issuers), Duration.ofMinutes(options.get(KEYS_MAX_AGE_MINUTES)));
  }

  /**
   * Reads the options of one issuer.
   *
   * @param infix what stands between the prefix and the rest in the names of its options
   */
  private record Reader(Options options, String infix) {

    Issuer issuer() {
      String url = get(ISSUER);
      List<String> audiences = get(AUDIENCE);
      URI jwksUrl = get(JWKS_URL);
      require(ISSUER, !url.isEmpty());
      require(AUDIENCE, !audiences.isEmpty());
      require(JWKS_URL, jwksUrl != null);
      return new Issuer(
          url,
          audiences,
          jwksUrl,
          Set.copyOf(get(TENANTS)),
          get(TENANT_CLAIM),
          get(USER_CLAIM),
          get(ROLES_CLAIM),
          get(ALGORITHMS));
    }

    private <T> T get(Option<T> option) {
      T common = options.get(option);
      return infix.isEmpty() ? common : options.get(option.named(property(option), common));
    }

    private void require(Option<?> option, boolean there) {
      if (!there) {
        refuse(option, "is required with history-auth=jwt");
      }
    }

    void refuse(Option<?> option, String fault) {
      options.refuse(property(option) + ": " + fault);
    }

    private String property(Option<?> option) {
      return PREFIX + infix + option.property().substring(PREFIX.length());
    }
  }

  private static List<String> names(String text) {
    return words(
        text,
        word -> NAME.matcher(word).matches(),
        "is no list of different names, separated by commas; allowed are 1 to 32 lower-case letters"
            + " and digits, a letter first");
  }

  private static List<String> words(String text) {
    return words(text, word -> true, "is no list of different words, separated by commas");
  }

  private static List<String> tenants(String text) {
    return words(
        text,
        Identity::isTenant,
        "is no list of different tenants, separated by commas; allowed are 1 to 255 ASCII letters,"
            + " digits and . _ @ + -");
  }

  private static List<String> algorithms(String text) {
    return words(
        text,
        ALL_ALGORITHMS::contains,
        "is no list of different algorithms, separated by commas; allowed are "
            + String.join(", ", ALL_ALGORITHMS));
  }

  private static List<String> words(String text, Predicate<String> allowed, String fault) {
    List<String> words = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (words.stream().anyMatch(word -> word.isEmpty() || !allowed.test(word))
        || Set.copyOf(words).size() < words.size()) {
      throw new IllegalArgumentException(fault);
    }
    return words;
  }
}
