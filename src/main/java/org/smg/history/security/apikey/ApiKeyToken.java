package org.smg.history.security.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An API key as its user has it: {@code hk_}, the key's id (10 characters), the secret (28
 * characters, 166 random bits) and a checksum (6 characters), all letters and digits. The checksum
 * is the CRC-32 of what is in front of it, by which scanners tell a leaked key from other text.
 *
 * @param text the whole of it, which is secret
 */
record ApiKeyToken(String text) {

  private static final String PREFIX = "hk_";
  private static final int ID_LENGTH = 10;
  private static final int SECRET_LENGTH = 28;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int LENGTH = PREFIX.length() + ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static final Pattern ID = Pattern.compile("[0-9A-Za-z]{" + ID_LENGTH + "}");

  /** A new key. */
  static ApiKeyToken random(SecureRandom random) {
    StringBuilder text = new StringBuilder(LENGTH).append(PREFIX);
    for (int i = 0; i < ID_LENGTH + SECRET_LENGTH; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return new ApiKeyToken(text.append(checksum(text.toString())).toString());
  }

  /** Whether a text of any length has the form and the checksum of a key. */
  static boolean isWellFormed(String text) {
    if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
      return false;
    }
    int end = LENGTH - CHECKSUM_LENGTH;
    return text.startsWith(checksum(text.substring(0, end)), end);
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Names the key without giving it away. */
  String id() {
    return text.substring(PREFIX.length(), PREFIX.length() + ID_LENGTH);
  }

  /** SHA-256, as 64 hexadecimal digits. The secret is random, so that it needs no slow digest. */
  String digest() {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    char[] checksum = new char[CHECKSUM_LENGTH];
    long rest = crc.getValue();
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      checksum[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
      rest /= DIGITS.length();
    }
    return new String(checksum);
  }

  /** Secrets are not for logs. */
  @Override
  public String toString() {
    return "API key " + id();
  }
}
