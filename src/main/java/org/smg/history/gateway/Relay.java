package org.smg.history.gateway;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;

/**
 * Relays an answer byte for byte: a stream of events as it arrives, everything else when it is
 * whole, so that an answer which breaks off is never taken for a complete one. The end of it leaves
 * when the record is stored.
 */
final class Relay implements AnswerReceiver {

  /** Longer than any answer of a model; embeddings of 2,048 inputs have about 60 MB. */
  private static final int LONGEST_WHOLE = 128 << 20;

  private static final List<String> RELAYED =
      List.of("content-type", "retry-after", "www-authenticate");

  private static final Logger LOG = Logger.getLogger(Relay.class.getName());

  private final AnswerOutput output;
  private final AnswerRecord record;
  private final Executor recorders;
  private final EventLog log;
  private final ByteArrayOutputStream whole = new ByteArrayOutputStream();

  private ModelCall call;
  private boolean streams;
  private int status;
  private List<ModelRequest.Header> headers;

  /**
   * @param recorders run what waits for the history
   */
  Relay(AnswerOutput output, AnswerRecord record, Executor recorders, EventLog log) {
    this.output = output;
    this.record = record;
    this.recorders = recorders;
    this.log = log;
  }

  @Override
  public void begin(ModelCall begun, int itsStatus, HttpHeaders itsHeaders) {
    call = begun;
    status = itsStatus;
    headers = relayed(itsHeaders);
    String type = itsHeaders.firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (status >= 500 || status < 200) {
      giveUp(ModelServerFailure.status(status));
    } else if (type.startsWith("text/event-stream") && isAnswered()) {
      streams = true;
      headers.addAll(record.headers());
      output.stream(status, headers);
    } else if (!type.startsWith("application/json")) {
      giveUp(ModelServerFailure.notUnderstood());
    }
  }

  /** Else the model server has refused the request, and no model was called. */
  private boolean isAnswered() {
    return status < 300;
  }

  private static List<ModelRequest.Header> relayed(HttpHeaders all) {
    List<ModelRequest.Header> relayed = new ArrayList<>();
    for (String name : RELAYED) {
      all.firstValue(name).ifPresent(value -> relayed.add(new ModelRequest.Header(name, value)));
    }
    return relayed;
  }

  private void giveUp(ModelServerFailure failure) {
    call.cancel();
    failed(failure);
  }

  @Override
  public void body(byte[] bytes) {
    if (streams) {
      relay(bytes);
    } else if (whole.size() + bytes.length > LONGEST_WHOLE) {
      giveUp(ModelServerFailure.tooLong(LONGEST_WHOLE));
    } else {
      whole.writeBytes(bytes);
      call.more();
    }
  }

  private void relay(byte[] bytes) {
    byte[] leaving;
    try {
      leaving = record.leaving(bytes);
    } catch (HistoryFailure.Invalid noAnswer) {
      debug("What the model server sent is no event of an answer", noAnswer);
      giveUp(ModelServerFailure.notUnderstood());
      return;
    }
    if (leaving.length == 0) {
      call.more();
    } else {
      output.send(leaving, call::more);
    }
  }

  @Override
  public void end() {
    if (isAnswered()) {
      recorders.execute(this::finish);
    } else {
      output.answer(status, headers, whole.toByteArray());
    }
  }

  private void finish() {
    try {
      byte[] leaving = record.finish(whole.toByteArray());
      if (streams) {
        output.send(leaving, () -> {});
        output.end();
      } else {
        headers.addAll(record.headers());
        output.answer(status, headers, leaving);
      }
    } catch (HistoryFailure.Invalid noAnswer) {
      debug("What the model server sent is no answer", noAnswer);
      recordAndTell(ModelServerFailure.notUnderstood());
    } catch (EndMissing brokenOff) {
      recordAndTell(ModelServerFailure.brokenOff());
    } catch (RuntimeException away) {
      warn("An answer of the model server could not be recorded", away);
      tell(ModelServerFailure.notRecorded());
    }
  }

  @Override
  public void failed(ModelServerFailure failure) {
    recorders.execute(() -> recordAndTell(failure));
  }

  private void recordAndTell(ModelServerFailure failure) {
    try {
      record.fail(failure);
    } catch (RuntimeException away) {
      warn("A failed call of the model server could not be recorded", away);
    }
    tell(failure);
  }

  /** In a stream that has begun, the error is its last event. */
  private void tell(ModelServerFailure failure) {
    if (streams) {
      output.send(ErrorEvent.of(failure), () -> {});
      output.end();
    } else {
      output.refuse(failure);
    }
  }

  private void warn(String what, RuntimeException failure) {
    log.write(LOG, Level.WARNING, Event.of("model_answer_not_recorded", what), failure);
  }

  private void debug(String what, RuntimeException failure) {
    log.write(LOG, Level.FINE, Event.of("model_answer_not_understood", what), failure);
  }
}
