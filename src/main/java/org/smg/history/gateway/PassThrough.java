package org.smg.history.gateway;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/**
 * Relays an answer byte for byte: a stream of events as it arrives, everything else when it is
 * whole, so that an answer which breaks off is never taken for a complete one.
 */
final class PassThrough implements AnswerReceiver {

  /** Longer than any answer of a model; embeddings of 2,048 inputs have about 60 MB. */
  private static final int LONGEST_WHOLE = 128 << 20;

  private static final List<String> RELAYED =
      List.of("content-type", "retry-after", "www-authenticate");

  private final AnswerOutput output;
  private final ByteArrayOutputStream whole = new ByteArrayOutputStream();

  private ModelCall call;
  private boolean streams;
  private int status;
  private List<ModelRequest.Header> headers;

  PassThrough(AnswerOutput output) {
    this.output = output;
  }

  @Override
  public void begin(ModelCall begun, int itsStatus, HttpHeaders itsHeaders) {
    call = begun;
    status = itsStatus;
    headers = relayed(itsHeaders);
    String type = itsHeaders.firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (itsStatus >= 500 || itsStatus < 200) {
      giveUp(ModelServerFailure.status(itsStatus));
    } else if (type.startsWith("text/event-stream")) {
      streams = true;
      output.stream(itsStatus, headers);
    } else if (!type.startsWith("application/json")) {
      giveUp(ModelServerFailure.notUnderstood());
    }
  }

  private static List<ModelRequest.Header> relayed(HttpHeaders all) {
    return RELAYED.stream()
        .flatMap(
            name ->
                all.firstValue(name).stream().map(value -> new ModelRequest.Header(name, value)))
        .toList();
  }

  private void giveUp(ModelServerFailure failure) {
    call.cancel();
    output.refuse(failure);
  }

  @Override
  public void body(byte[] bytes) {
    if (streams) {
      output.send(bytes, call::more);
    } else if (whole.size() + bytes.length > LONGEST_WHOLE) {
      giveUp(ModelServerFailure.tooLong(LONGEST_WHOLE));
    } else {
      whole.writeBytes(bytes);
      call.more();
    }
  }

  @Override
  public void end() {
    if (streams) {
      output.end();
    } else {
      output.answer(status, headers, whole.toByteArray());
    }
  }

  /** In a stream that has begun, the error is its last event. */
  @Override
  public void failed(ModelServerFailure failure) {
    if (streams) {
      output.send(ErrorEvent.of(failure), () -> {});
      output.end();
    } else {
      output.refuse(failure);
    }
  }
}
