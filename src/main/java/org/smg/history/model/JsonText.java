package org.smg.history.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as the text that was sent, in UTF-8. It is never parsed again: what is read back
 * is what was stored, down to the order of members and the digits of numbers.
 *
 * <p>Bytes rather than a {@code String}, because a single typographic quote would double the memory
 * of a string, and because a page of texts is then written without being decoded and encoded again.
 */
public final class JsonText {

  private final byte[] utf8;

  private JsonText(byte[] utf8) {
    this.utf8 = utf8;
  }

  public static JsonText of(String json) {
    return new JsonText(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes the array over: the caller must not change it afterwards. */
  public static JsonText ofUtf8(byte[] utf8) {
    return new JsonText(utf8);
  }

  /** The length in bytes. */
  public int length() {
    return utf8.length;
  }

  /**
   * A value inside of this one.
   *
   * @param from its first byte
   * @param length in bytes
   */
  public JsonText part(int from, int length) {
    return new JsonText(Arrays.copyOfRange(utf8, from, from + length));
  }

  /** A copy of the bytes. */
  public byte[] toUtf8() {
    return utf8.clone();
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(utf8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonText text && Arrays.equals(utf8, text.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
