package org.smg.history.json.responses;

import org.smg.history.json.Edits;
import org.smg.history.json.JsonInput;
import org.smg.history.json.JsonOutput;
import org.smg.history.json.Span;
import org.smg.history.model.JsonText;

/**
 * An item where it stands in an answer.
 *
 * @param body in which it stands
 * @param id as it was sent, or null
 * @param idSpan where the id stands, or null if there is none
 */
record AnsweredItem(byte[] body, Span span, String id, Span idSpan, String type) {

  /** Reads the item that the reader stands on. */
  static AnsweredItem read(JsonInput in) {
    int from = in.start();
    String path = in.path();
    Span idSpan = null;
    String id = null;
    String type = null;
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "id" -> {
          id = in.stringOrNull();
          idSpan = in.skip();
        }
        case "type" -> type = in.string();
        default -> in.skip();
      }
    }
    if (type == null) {
      throw JsonInput.missing(path + ".type");
    }
    return new AnsweredItem(in.body(), new Span(from, in.valueEnd()), id, idSpan, type);
  }

  /** Whether it has been given another id than it was sent with. */
  boolean isRenamed(String given) {
    return !given.equals(id);
  }

  /** Writes the id that it has been given into the whole in which it stands. */
  void rename(String given, Edits whole) {
    String json = JsonOutput.quoted(given);
    if (idSpan == null) {
      whole.insert(span.from() + 1, "\"id\":%s,".formatted(json));
    } else {
      whole.replace(idSpan, json);
    }
  }

  /** The item alone, under the id that it has been given. */
  JsonText named(String given) {
    Edits alone = new Edits(body);
    if (isRenamed(given)) {
      rename(given, alone);
    }
    return alone.cut(span);
  }
}
