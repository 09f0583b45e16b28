package org.smg.history.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.smg.history.model.JsonText;

/** Small changes to a body: cuts out parts of it as they were sent, but for what had to change. */
final class Edits {

  private record Edit(Span span, byte[] replacement) {}

  private static final byte[] NOTHING = {};

  private final byte[] body;
  private final List<Edit> edits = new ArrayList<>();

  Edits(byte[] body) {
    this.body = body;
  }

  void insert(int at, String json) {
    replace(new Span(at, at), json);
  }

  void replace(Span span, String json) {
    edits.add(new Edit(span, json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Takes a part out, together with the edits inside it. */
  void remove(Span span) {
    edits.add(new Edit(span, NOTHING));
  }

  /** Where the edits stand that are made from now on. */
  int mark() {
    return edits.size();
  }

  /**
   * Cuts out a part of the body, edited.
   *
   * @param mark taken before the first edit inside the part was made
   */
  JsonText cut(int mark, Span part) {
    if (mark == edits.size()) {
      return JsonText.ofUtf8(Arrays.copyOfRange(body, part.from(), part.to()));
    }
    List<Edit> applied = applied(mark, part);
    int length = part.to() - part.from();
    for (Edit edit : applied) {
      length += edit.replacement().length - (edit.span().to() - edit.span().from());
    }
    ByteBuffer text = ByteBuffer.allocate(length);
    int copied = part.from();
    for (Edit edit : applied) {
      text.put(body, copied, edit.span().from() - copied).put(edit.replacement());
      copied = edit.span().to();
    }
    text.put(body, copied, part.to() - copied);
    return JsonText.ofUtf8(text.array());
  }

  /** The edits in order, without those inside a part that another one takes out. */
  private List<Edit> applied(int mark, Span part) {
    List<Edit> sorted = new ArrayList<>(edits.subList(mark, edits.size()));
    // An insertion comes before what begins at the same place.
    sorted.sort(
        Comparator.<Edit>comparingInt(edit -> edit.span().from())
            .thenComparingInt(edit -> edit.span().to()));
    List<Edit> applied = new ArrayList<>(sorted.size());
    int end = part.from();
    for (Edit edit : sorted) {
      if (edit.span().from() >= end) {
        applied.add(edit);
        end = edit.span().to();
      }
    }
    return applied;
  }
}
