package org.smg.history.gateway;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.smg.history.json.ChatAnswer;
import org.smg.history.json.ChatRequest;
import org.smg.history.rules.Limits;
import org.smg.history.rules.Run;
import org.smg.history.rules.RunHistory;

/**
 * Records a chat completion as a response of its own. A stream leaves event by event, up to the one
 * that says it is done.
 */
final class ChatRecord implements AnswerRecord {

  /** Names the record in the answer, so that users can rate it. */
  private static final String ID_HEADER = "x-history-response-id";

  private static final String LAST = "[DONE]";

  private final RunHistory runs;
  private final Run run;
  private final ChatRequest request;
  private final ChatAnswer answer = new ChatAnswer();
  private final EventReader events = new EventReader();
  private final ByteArrayOutputStream heldBack = new ByteArrayOutputStream();
  private boolean streams;
  private boolean done;

  ChatRecord(RunHistory runs, Run run, ChatRequest request) {
    this.runs = runs;
    this.run = run;
    this.request = request;
  }

  @Override
  public List<ModelRequest.Header> headers() {
    return List.of(new ModelRequest.Header(ID_HEADER, run.id()));
  }

  @Override
  public synchronized byte[] leaving(byte[] streamed) {
    streams = true;
    ByteArrayOutputStream leaving = new ByteArrayOutputStream();
    for (EventReader.Event event : events.read(streamed)) {
      done |= event.says(LAST);
      if (!done && event.hasData()) {
        answer.read(event.data());
      }
      (done ? heldBack : leaving).writeBytes(event.bytes());
    }
    return leaving.toByteArray();
  }

  @Override
  public boolean isComplete() {
    return done;
  }

  @Override
  public byte[] finish(byte[] whole) {
    if (streams && !done) {
      throw new NoAnswer(ModelServerFailure.brokenOff());
    }
    if (!streams) {
      answer.read(whole);
    }
    runs.finish(run, answer.record(request, Limits.ITEMS_PER_TURN));
    heldBack.writeBytes(events.rest());
    return streams ? heldBack.toByteArray() : whole;
  }

  @Override
  public synchronized void fail(ModelServerFailure failure) {
    runs.finish(
        run,
        answer.failure(request, failure.code().word(), failure.message(), Limits.ITEMS_PER_TURN));
  }

  @Override
  public byte[] end(ModelServerFailure failure) {
    return ErrorEvent.of(failure);
  }
}
