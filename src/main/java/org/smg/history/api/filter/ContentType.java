package org.smg.history.api.filter;

import jakarta.ws.rs.core.MediaType;
import java.util.Locale;

/**
 * What the header {@code Content-Type} says of a body. It is read here, since the parsers of JAX-RS
 * differ in what they accept, and log a stack trace for what they do not.
 */
final class ContentType {

  private static final String APPLICATION = "application/";
  private static final String CHARSET = "charset";

  private ContentType() {}

  /**
   * The one type for all that means JSON in UTF-8, and the one for everything else.
   *
   * @param header as it was sent
   */
  static String of(String header) {
    return header.equals(MediaType.APPLICATION_JSON) || isJson(header.toLowerCase(Locale.ROOT))
        ? MediaType.APPLICATION_JSON
        : MediaType.APPLICATION_OCTET_STREAM;
  }

  private static boolean isJson(String header) {
    String[] parts = header.split(";", -1);
    String type = parts[0].strip();
    boolean json =
        type.equals(MediaType.APPLICATION_JSON)
            || type.startsWith(APPLICATION) && type.endsWith("+json") && type.indexOf(',') < 0;
    for (int i = 1; i < parts.length && json; i++) {
      json = isNoOtherCharset(parts[i].strip());
    }
    return json;
  }

  /** ASCII is a part of UTF-8. */
  private static boolean isNoOtherCharset(String parameter) {
    int equals = parameter.indexOf('=');
    String name = equals < 0 ? parameter : parameter.substring(0, equals);
    if (!name.equals(CHARSET)) {
      return true;
    }
    String charset = parameter.substring(equals + 1);
    return switch (charset) {
      case "utf-8", "\"utf-8\"", "us-ascii", "\"us-ascii\"" -> true;
      default -> false;
    };
  }
}
