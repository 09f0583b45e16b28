package org.smg.history.gateway;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.smg.history.json.TurnDraft;
import org.smg.history.json.responses.AnswerEvent;
import org.smg.history.json.responses.ResponseAnswer;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.JsonText;
import org.smg.history.rules.Limits;
import org.smg.history.rules.Run;
import org.smg.history.rules.RunHistory;

/**
 * Ends a run with what the model server answers. A stream leaves event by event, up to the one that
 * ends it, which waits until the response is stored.
 */
final class ResponseRecord implements AnswerRecord {

  /** What ends the data of a stream, for those who wait for it. */
  private static final String DONE = "[DONE]";

  private final RunHistory runs;
  private final Run run;
  private final ResponseAnswer answer;
  private final OutputIds outputIds;
  private final EventReader events = new EventReader();
  private boolean streams;
  private AnswerEvent last;

  ResponseRecord(RunHistory runs, Run run, ResponseAnswer answer, OutputIds outputIds) {
    this.runs = runs;
    this.run = run;
    this.answer = answer;
    this.outputIds = outputIds;
  }

  @Override
  public List<ModelRequest.Header> headers() {
    return List.of();
  }

  @Override
  public synchronized byte[] leaving(byte[] streamed) {
    streams = true;
    ByteArrayOutputStream leaving = new ByteArrayOutputStream();
    for (EventReader.Event event : events.read(streamed)) {
      if (last == null && event.hasData() && !event.says(DONE)) {
        answer.event(event.data()).ifPresent(known -> leaving.writeBytes(leaving(known)));
      }
    }
    return leaving.toByteArray();
  }

  private byte[] leaving(AnswerEvent event) {
    if (event.isError()) {
      throw new NoAnswer(ModelServerFailure.reported(event.message()));
    }
    if (event.isLast()) {
      last = event;
      return new byte[0];
    }
    return event.inStream();
  }

  @Override
  public synchronized boolean isComplete() {
    return last != null;
  }

  @Override
  public synchronized byte[] finish(byte[] whole) {
    if (!streams) {
      return finishWhole(whole);
    }
    if (last == null) {
      throw new NoAnswer(ModelServerFailure.brokenOff());
    }
    if (last.response() == null) {
      throw new NoAnswer(ModelServerFailure.notUnderstood());
    }
    store(last.response());
    return end(List.of(last));
  }

  /** As long as nothing has left, an item can still get another id. */
  private byte[] finishWhole(byte[] whole) {
    while (true) {
      JsonText response = answer.response(whole);
      try {
        store(response);
        return response.toUtf8();
      } catch (HistoryFailure.ItemAlreadyInConversation meanwhile) {
        if (!outputIds.giveUp(meanwhile.itemId())) {
          throw meanwhile;
        }
      }
    }
  }

  @Override
  public synchronized void fail(ModelServerFailure failure) {
    store(answer.failed(failure.code().word(), failure.message()));
  }

  private void store(JsonText response) {
    if (run.isStored()) {
      runs.finish(run, TurnDraft.of(response.toUtf8(), Limits.ITEMS_PER_TURN));
    }
  }

  @Override
  public synchronized byte[] end(ModelServerFailure failure) {
    return end(answer.failedEvents(failure.code().word(), failure.message()));
  }

  private static byte[] end(List<AnswerEvent> last) {
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    last.forEach(event -> end.writeBytes(event.inStream()));
    end.writeBytes(AnswerEvent.done());
    return end.toByteArray();
  }
}
