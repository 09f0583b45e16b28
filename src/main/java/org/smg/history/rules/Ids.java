package org.smg.history.rules;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * Makes ids: a prefix, 13 hexadecimal digits of microseconds and 19 of chance. They ascend with
 * time, so that database pages fill in order, and their 76 random bits cannot be guessed.
 */
@ApplicationScoped
public class Ids {

  private static final int TIME_DIGITS = 13;
  private static final int RANDOM_DIGITS = 19;

  private final SecureRandom random = new SecureRandom();
  private final HistoryClock clock;

  @Inject
  public Ids(HistoryClock clock) {
    this.clock = clock;
  }

  /** For the container's proxy. */
  protected Ids() {
    this(null);
  }

  public String conversation(Instant createdAt) {
    return next("conv", createdAt);
  }

  public String response(Instant createdAt) {
    return next("resp", createdAt);
  }

  public String feedback(Instant createdAt) {
    return next("fb", createdAt);
  }

  /** An id for a new item of the given type. */
  public String item(String type) {
    return next(ItemType.of(type).prefix(), clock.now());
  }

  /** Something that nobody can guess: 32 hexadecimal digits. */
  public String secret() {
    byte[] chance = new byte[16];
    random.nextBytes(chance);
    return HexFormat.of().formatHex(chance);
  }

  /** Whether an item's id has the shape of those that are made here. */
  static boolean isMadeHere(String id) {
    int tail = id.length() - TIME_DIGITS - RANDOM_DIGITS;
    if (tail < 2 || id.charAt(tail - 1) != '_') {
      return false;
    }
    for (int i = tail; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private String next(String prefix, Instant at) {
    byte[] chance = new byte[(RANDOM_DIGITS + 1) / 2];
    random.nextBytes(chance);
    HexFormat hex = HexFormat.of();
    return prefix
        + '_'
        + hex.toHexDigits(ChronoUnit.MICROS.between(Instant.EPOCH, at), TIME_DIGITS)
        + hex.formatHex(chance).substring(0, RANDOM_DIGITS);
  }
}
