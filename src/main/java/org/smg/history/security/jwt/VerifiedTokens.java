package org.smg.history.security.jwt;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.smg.history.security.authentication.Identity;

/**
 * Tokens that were verified a short time ago, by their digests: to verify a signature takes longer
 * than the rest of a request. Times are seconds since 1970.
 */
final class VerifiedTokens {

  /** How long a token counts without being verified again, in seconds. */
  static final long MAX_AGE = Duration.ofMinutes(1).toSeconds();

  /** At about 200 bytes each. */
  static final int MAX_COUNT = 10_000;

  private final Map<ByteBuffer, Verified> byDigest = new ConcurrentHashMap<>();

  private record Verified(Identity identity, long until) {}

  /**
   * @param digest SHA-256, so that memory holds no tokens
   */
  Optional<Identity> find(ByteBuffer digest, long now) {
    Verified verified = byDigest.get(digest);
    return verified != null && now < verified.until
        ? Optional.of(verified.identity)
        : Optional.empty();
  }

  /**
   * @param expires when the token does
   */
  void add(ByteBuffer digest, Identity identity, long expires, long now) {
    if (byDigest.size() >= MAX_COUNT) {
      byDigest.values().removeIf(verified -> now >= verified.until);
    }
    if (byDigest.size() >= MAX_COUNT) {
      byDigest.clear();
    }
    byDigest.put(digest, new Verified(identity, Math.min(expires, now + MAX_AGE)));
  }

  int size() {
    return byDigest.size();
  }
}
