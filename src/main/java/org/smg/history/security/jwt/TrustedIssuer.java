package org.smg.history.security.jwt;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;

/** Verifies the tokens of one issuer. */
final class TrustedIssuer {

  /** Clocks differ, in seconds. */
  private static final int CLOCK_SKEW = 60;

  /** Kinds of tokens that are for services like this one; others may be signed by the same keys. */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt");

  private static final String MEDIA_TYPE_PREFIX = "application/";

  private final Issuer issuer;
  private final IssuerKeys keys;
  private final AlgorithmConstraints algorithms;
  private final JwtConsumer consumer;

  TrustedIssuer(Issuer issuer, IssuerKeys keys) {
    this.issuer = issuer;
    this.keys = keys;
    this.algorithms =
        new AlgorithmConstraints(ConstraintType.PERMIT, issuer.algorithms().toArray(String[]::new));
    this.consumer =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(algorithms)
            .setVerificationKeyResolver((token, outer) -> token.getKey())
            .setExpectedIssuer(issuer.url())
            .setExpectedAudience(issuer.audiences().toArray(String[]::new))
            .setRequireExpirationTime()
            .setIssuedAtRestrictions(0, Integer.MAX_VALUE)
            .setAllowedClockSkewInSeconds(CLOCK_SKEW)
            .build();
  }

  /**
   * Whom a token stands for.
   *
   * @param claims of the token, not yet verified
   * @throws RefusedToken if it does not count
   */
  Identity verify(JsonWebSignature token, JwtClaims claims) throws RefusedToken {
    checkType(token.getHeader("typ"));
    token.setAlgorithmConstraints(algorithms);
    token.setKey(
        keys.find(token)
            .map(JsonWebKey::getKey)
            .orElseThrow(() -> new RefusedToken("the issuer has no key for it")));
    try {
      consumer.processContext(new JwtContext(claims, List.of(token)));
    } catch (InvalidJwtException refused) {
      throw new RefusedToken(String.valueOf(refused.getErrorDetails()));
    }
    return identity(claims.getClaimsMap());
  }

  private static void checkType(String type) throws RefusedToken {
    if (type != null) {
      String name = type.toLowerCase(Locale.ROOT);
      if (!TYPES.contains(
          name.startsWith(MEDIA_TYPE_PREFIX) ? name.substring(MEDIA_TYPE_PREFIX.length()) : name)) {
        throw new RefusedToken("its type is neither JWT nor at+jwt");
      }
    }
  }

  private Identity identity(Map<String, Object> claims) throws RefusedToken {
    String tenant = name(claims, issuer.tenantClaim(), Identity::isTenant);
    if (!issuer.speaksFor(tenant)) {
      throw new RefusedToken("its tenant is not one of the issuer's");
    }
    String user = name(claims, issuer.userClaim(), Identity::isUser);
    return new Identity(tenant, user, roles(issuer.rolesClaim().in(claims)));
  }

  private static String name(Map<String, Object> claims, Claim claim, Predicate<String> allowed)
      throws RefusedToken {
    if (claim.in(claims) instanceof String name && allowed.test(name)) {
      return name;
    }
    throw new RefusedToken("it has no usable claim " + claim.text());
  }

  /** Of a list, or of words separated by spaces; what is not a role of ours is left out. */
  private static Set<Role> roles(Object claimed) {
    Collection<?> words =
        claimed instanceof String text
            ? List.of(text.split(" "))
            : claimed instanceof Collection<?> list ? list : List.of();
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (Object word : words) {
      if (word instanceof String name) {
        Role.find(name).ifPresent(roles::add);
      }
    }
    return roles;
  }
}
