package org.smg.history.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import org.smg.history.json.JsonOutput;

/** The event that ends a stream of chat completions which breaks off. */
final class ErrorEvent {

  /** Ends an event that was cut off, too. */
  private static final byte[] BEGIN = "\n\ndata: ".getBytes(US_ASCII);

  private static final byte[] END = "\n\n".getBytes(US_ASCII);

  private ErrorEvent() {}

  static byte[] of(ModelServerFailure failure) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    event.writeBytes(BEGIN);
    event.writeBytes(
        JsonOutput.error(failure.message(), "server_error", null, failure.code().word()).toUtf8());
    event.writeBytes(END);
    return event.toByteArray();
  }
}
