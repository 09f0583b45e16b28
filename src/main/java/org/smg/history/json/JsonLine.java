package org.smg.history.json;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * A JSON object as one line of a log. It holds ASCII characters alone: logs have encodings of their
 * own, and there are line breaks outside of ASCII.
 */
public final class JsonLine {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** JSON allows it as it is, but it is a control character. */
  private static final char DELETE = 0x7F;

  private JsonLine() {}

  /**
   * The object with these members.
   *
   * @param members numbers and truth values as such, everything else as a string
   */
  public static String of(Map<String, ?> members) {
    StringWriter line = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      members.forEach((name, value) -> write(json, name, value));
      json.writeEndObject();
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, String name, Object value) {
    if (value instanceof Boolean truth) {
      json.writeBooleanProperty(name, truth);
    } else if (value instanceof Double || value instanceof Float) {
      json.writeNumberProperty(name, ((Number) value).doubleValue());
    } else if (value instanceof Number number) {
      json.writeNumberProperty(name, number.longValue());
    } else {
      json.writeStringProperty(name, wellFormed(value.toString()).replace(DELETE, '?'));
    }
  }

  /** Half a surrogate pair is no character, and some readers refuse it. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
