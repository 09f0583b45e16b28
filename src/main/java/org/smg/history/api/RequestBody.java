package org.smg.history.api;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.smg.history.api.error.BodyTooLarge;
import org.smg.history.api.error.UnsupportedContentEncoding;

/**
 * The body of a request, whole and no larger than allowed; empty if there was none.
 *
 * @param bytes as they came
 */
public record RequestBody(byte[] bytes) {

  /**
   * Reads a body that says it is JSON in UTF-8. A body without a content type is refused: browsers
   * send one from any page without asking the server first. No body at all is accepted, whatever
   * its type.
   *
   * @param contentType as the filter of requests leaves it, or null
   * @param encodings the values of {@code Content-Encoding}
   * @throws jakarta.ws.rs.WebApplicationException if it cannot be taken
   */
  public static RequestBody read(
      InputStream in, String contentType, List<String> encodings, int mostBytes) {
    byte[] bytes = read(in, mostBytes);
    if (bytes.length > mostBytes) {
      throw new BodyTooLarge(mostBytes);
    }
    if (bytes.length > 0) {
      checkEncoding(encodings);
      if (!MediaType.APPLICATION_JSON.equals(contentType)) {
        throw new NotSupportedException();
      }
    }
    return new RequestBody(bytes);
  }

  private static byte[] read(InputStream in, int mostBytes) {
    try {
      return in.readNBytes(mostBytes + 1);
    } catch (IOException clientHungUp) {
      throw new BadRequestException(clientHungUp);
    }
  }

  private static void checkEncoding(List<String> encodings) {
    for (String encoding : encodings) {
      if (!encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
        throw new UnsupportedContentEncoding(encoding);
      }
    }
  }
}
