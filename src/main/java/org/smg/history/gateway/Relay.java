package org.smg.history.gateway;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** The only refusal that a caller should repeat by itself. */
  private static final int TOO_MANY_REQUESTS = 429;

  private static final List<String> RELAYED =
      List.of("content-type", "retry-after", "www-authenticate");

  private static final Logger LOG = Logger.getLogger(Relay.class.getName());

  private final AnswerOutput output;
  private final AnswerRecord record;
  private final Executor recorders;
  private final LateEnds lateEnds;
  private final ModelServerObserver observer;
  private final String path;
  private final EventLog log;
  private final long made = System.nanoTime();
  private final ByteArrayOutputStream whole = new ByteArrayOutputStream();

  /** Whoever sets it ends the exchange; what comes later changes nothing. */
  private final AtomicBoolean ending = new AtomicBoolean();

  private ModelCall call;
  private boolean hasBody;
  private boolean streams;
  private int status;
  private List<ModelRequest.Header> headers;

  /**
   * @param recorders run what waits for the history
   * @param lateEnds get what the history cannot take
   * @param path that is asked, for the observer
   */
  Relay(
      AnswerOutput output,
      AnswerRecord record,
      Executor recorders,
      LateEnds lateEnds,
      ModelServerObserver observer,
      String path,
      EventLog log) {
    this.output = output;
    this.record = record;
    this.recorders = recorders;
    this.lateEnds = lateEnds;
    this.observer = observer;
    this.path = path;
    this.log = log;
  }

  @Override
  public void begin(ModelCall begun, int itsStatus, HttpHeaders itsHeaders) {
    call = begun;
    status = itsStatus;
    headers = relayed(itsHeaders);
    String type = itsHeaders.firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (!isAnswered() && !isRefused()) {
      giveUp(ModelServerFailure.status(status));
    } else if (type.startsWith("text/event-stream") && isAnswered()) {
      streams = true;
      headers.addAll(record.headers());
      output.stream(status, headers);
    } else if (isAnswered() && !type.startsWith("application/json")) {
      giveUp(ModelServerFailure.notUnderstood());
    }
  }

  /** Else the model server has refused the request, and no model was called. */
  private boolean isAnswered() {
    return status >= 200 && status < 300;
  }

  private boolean isRefused() {
    return status >= 400 && status < 500;
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
    if (!hasBody) {
      hasBody = true;
      observer.firstByte(path, System.nanoTime() - made);
    }
    if (ending.get()) {
      call.more();
    } else if (streams) {
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
    } catch (NoAnswer failed) {
      giveUp(failed.failure());
      return;
    }
    if (leaving.length == 0) {
      call.more();
    } else {
      output.send(leaving, call::more);
    }
    if (record.isComplete()) {
      call.awaitEnd();
      end();
    }
  }

  @Override
  public void end() {
    if (ending.compareAndSet(false, true)) {
      recorders.execute(isAnswered() ? this::finish : this::refuse);
    }
  }

  /** The model server's refusal is told as it came. */
  private void refuse() {
    observer.refused(status);
    recordFailure(ModelServerFailure.refused(status));
    if (status != TOO_MANY_REQUESTS) {
      headers.add(new ModelRequest.Header("x-should-retry", "false"));
    }
    output.answer(status, headers, whole.toByteArray());
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
    } catch (NoAnswer failed) {
      recordAndTell(failed.failure());
    } catch (HistoryFailure.ItemAlreadyInConversation taken) {
      recordAndTell(ModelServerFailure.itemTaken());
    } catch (HistoryFailure.RunEnded ended) {
      tell(ModelServerFailure.ended());
    } catch (RuntimeException away) {
      warn("An answer of the model server could not be recorded", away);
      lateEnds.add(() -> record.fail(ModelServerFailure.notRecorded()));
      tell(ModelServerFailure.notRecorded());
    }
  }

  @Override
  public void failed(ModelServerFailure failure) {
    if (ending.compareAndSet(false, true)) {
      recorders.execute(() -> recordAndTell(failure));
    }
  }

  private void recordAndTell(ModelServerFailure failure) {
    recordFailure(failure);
    tell(failure);
  }

  private void recordFailure(ModelServerFailure failure) {
    try {
      record.fail(failure);
    } catch (HistoryFailure.RunEnded ended) {
      debug("A run had ended before its call failed", ended);
    } catch (RuntimeException away) {
      lateEnds.add(() -> record.fail(failure));
      warn("A failed call of the model server could not be recorded", away);
    }
  }

  /** In a stream that has begun, the error is its last event. */
  private void tell(ModelServerFailure failure) {
    observer.failed(failure.code());
    if (streams) {
      output.send(record.end(failure), () -> {});
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
