package org.smg.history.gateway;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.smg.history.json.responses.AnswerEvent;
import org.smg.history.model.StoredResponse;

/** An answer that is there without the model server: the same request has been answered before. */
record ReadyAnswer(String contentType, byte[] body) implements Prepared {

  private static final int OK = 200;

  static ReadyAnswer of(StoredResponse response, boolean asStream) {
    if (!asStream) {
      return new ReadyAnswer("application/json", response.json().toUtf8());
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    AnswerEvent.ofStored(response).forEach(event -> body.writeBytes(event.inStream()));
    body.writeBytes(AnswerEvent.done());
    return new ReadyAnswer("text/event-stream; charset=utf-8", body.toByteArray());
  }

  void leave(AnswerOutput output) {
    output.answer(OK, List.of(new ModelRequest.Header("Content-Type", contentType)), body);
  }
}
