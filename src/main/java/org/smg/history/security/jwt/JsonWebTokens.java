package org.smg.history.security.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;
import org.smg.history.config.Options;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.security.authentication.Credentials;
import org.smg.history.security.authentication.Identity;

/**
 * Signed JSON Web Tokens (RFC 7519) of the issuers that an administrator trusts. A token that was
 * verified counts for a minute without being verified again, at most until it expires.
 */
public final class JsonWebTokens implements Credentials {

  /** In characters. Servers bound headers as well, the packaged one at 32 KiB. */
  static final int MAX_LENGTH = 16 << 10;

  private static final Logger LOG = Logger.getLogger(JsonWebTokens.class.getName());

  /** A header, claims and a signature; neither an encrypted token nor one without signature. */
  private static final Pattern FORM = Pattern.compile("[\\w-]++\\.[\\w-]++\\.[\\w-]++");

  private final Map<String, TrustedIssuer> issuers;
  private final InstantSource clock;
  private final EventLog log;
  private final VerifiedTokens verified = new VerifiedTokens();

  JsonWebTokens(Map<String, TrustedIssuer> issuers, InstantSource clock, EventLog log) {
    this.issuers = Map.copyOf(issuers);
    this.clock = clock;
    this.log = log;
  }

  /** Reads the options, whose faults are kept there, and begins to fetch the issuers' keys. */
  public static JsonWebTokens read(Options options) {
    JwtOptions read = JwtOptions.read(options);
    EventLog log = new EventLog(options);
    Map<String, TrustedIssuer> issuers =
        read.issuers().stream()
            .filter(issuer -> issuer.jwksUrl() != null)
            .collect(
                Collectors.toMap(
                    Issuer::url, issuer -> trusted(issuer, read, log), (one, sameUrl) -> one));
    return new JsonWebTokens(issuers, InstantSource.system(), log);
  }

  private static TrustedIssuer trusted(Issuer issuer, JwtOptions options, EventLog log) {
    return new TrustedIssuer(
        issuer,
        new IssuerKeys(
            issuer.url(), new Jwks(issuer.jwksUrl()), options.keysMaxAge(), System::nanoTime, log));
  }

  @Override
  public String kind() {
    return "a JSON Web Token";
  }

  @Override
  public Optional<Identity> identify(String token) {
    if (token.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    ByteBuffer digest = digest(token);
    long now = clock.millis() / 1000;
    Optional<Identity> known = verified.find(digest, now);
    // The form of a token that is known has been checked.
    if (known.isPresent() || !FORM.matcher(token).matches()) {
      return known;
    }
    return verify(token, digest, now);
  }

  private Optional<Identity> verify(String text, ByteBuffer digest, long now) {
    try {
      JsonWebSignature token = new JsonWebSignature();
      token.setCompactSerialization(text);
      JwtClaims claims = JwtClaims.parse(token.getUnverifiedPayload());
      TrustedIssuer issuer = issuers.get(String.valueOf(claims.getIssuer()));
      if (issuer == null) {
        throw new RefusedToken("its issuer is none of those in history-jwt-issuer");
      }
      Identity identity = issuer.verify(token, claims);
      verified.add(digest, identity, claims.getExpirationTime().getValue(), now);
      return Optional.of(identity);
    } catch (RefusedToken refused) {
      refused("A token was refused: " + refused.getMessage());
    } catch (JoseException
        | InvalidJwtException
        | MalformedClaimException
        // The library casts members to what they should be.
        | ClassCastException malformed) {
      refused("A token was refused: it is malformed");
    }
    return Optional.empty();
  }

  private void refused(String message) {
    log.write(LOG, Level.FINE, Event.of("token", message));
  }

  private static ByteBuffer digest(String token) {
    try {
      byte[] ascii = token.getBytes(StandardCharsets.US_ASCII);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(ascii));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
