package org.smg.history.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.smg.history.json.ChatAnswer;
import org.smg.history.json.ChatRequest;
import org.smg.history.model.Caller;
import org.smg.history.rules.Limits;
import org.smg.history.rules.ResponseHistory;

/**
 * Records a chat completion as a response of its own. A stream leaves event by event, up to the one
 * that says it is done.
 */
final class ChatRecord implements AnswerRecord {

  /** Names the record in the answer, so that users can rate it. */
  private static final String ID_HEADER = "x-history-response-id";

  private static final String LAST = "[DONE]";

  private final ResponseHistory responses;
  private final Caller caller;
  private final ChatRequest request;
  private final String id;
  private final long createdAt;
  private final ChatAnswer answer = new ChatAnswer();
  private final EventReader events = new EventReader();
  private final ByteArrayOutputStream heldBack = new ByteArrayOutputStream();
  private boolean streams;
  private boolean done;

  /**
   * Looks, before the model server is asked, whether the call can be recorded.
   *
   * @param id of the response
   * @param createdAt in seconds since 1970
   * @throws org.smg.history.model.HistoryFailure.Invalid if it is beyond a limit
   */
  ChatRecord(
      ResponseHistory responses, Caller caller, ChatRequest request, String id, long createdAt) {
    this.responses = responses;
    this.caller = caller;
    this.request = request;
    this.id = id;
    this.createdAt = createdAt;
    responses.check(caller, id, answer.record(request, createdAt, Limits.ITEMS_PER_TURN));
  }

  @Override
  public List<ModelRequest.Header> headers() {
    return List.of(new ModelRequest.Header(ID_HEADER, id));
  }

  @Override
  public byte[] leaving(byte[] streamed) {
    streams = true;
    ByteArrayOutputStream leaving = new ByteArrayOutputStream();
    for (EventReader.Event event : events.read(streamed)) {
      done |= event.data().equals(LAST);
      if (!done && !event.data().isEmpty()) {
        answer.read(event.data().getBytes(UTF_8));
      }
      (done ? heldBack : leaving).writeBytes(event.bytes());
    }
    return leaving.toByteArray();
  }

  @Override
  public byte[] finish(byte[] whole) {
    if (streams && !done) {
      throw new EndMissing();
    }
    if (!streams) {
      answer.read(whole);
    }
    responses.record(caller, id, answer.record(request, createdAt, Limits.ITEMS_PER_TURN));
    heldBack.writeBytes(events.rest());
    return streams ? heldBack.toByteArray() : whole;
  }

  @Override
  public void fail(ModelServerFailure failure) {
    responses.record(
        caller,
        id,
        answer.failure(
            request, createdAt, failure.code().word(), failure.message(), Limits.ITEMS_PER_TURN));
  }
}
