package org.smg.history.json;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.smg.history.model.JsonText;

/**
 * The body of an answer: texts that make up one JSON value when written one after the other.
 *
 * @param chunks in order
 */
public record JsonBody(List<JsonText> chunks) {

  public static JsonBody of(JsonText text) {
    return new JsonBody(List.of(text));
  }

  /** The length in bytes. */
  public long length() {
    long length = 0;
    for (JsonText chunk : chunks) {
      length += chunk.length();
    }
    return length;
  }

  /** The whole body in one piece. */
  public byte[] toUtf8() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    chunks.forEach(chunk -> whole.writeBytes(chunk.toUtf8()));
    return whole.toByteArray();
  }
}
