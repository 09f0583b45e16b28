package org.smg.history.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smg.history.model.JsonText;

/** Small changes to a part of a body: it is cut out as it was sent, but for what had to change. */
public final class Edits {

  private record Edit(Span span, byte[] replacement) {}

  private static final byte[] NOTHING = {};

  private final byte[] body;
  private final List<Edit> edits;

  public Edits(byte[] body) {
    this(body, List.of());
  }

  private Edits(byte[] body, List<Edit> edits) {
    this.body = body;
    this.edits = new ArrayList<>(edits);
  }

  /**
   * An object with other values for some of its members, or with further ones.
   *
   * @param object has at least one member
   * @param members JSON by their names
   */
  public static JsonText withMembers(JsonText object, Map<String, String> members) {
    byte[] body = object.toUtf8();
    Edits edits = new Edits(body);
    Map<String, String> missing = new LinkedHashMap<>(members);
    JsonInput in = new JsonInput(body);
    int from = in.start();
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      Span value = in.skip();
      if (members.containsKey(name)) {
        edits.replace(value, members.get(name));
        missing.remove(name);
      }
    }
    new MissingMembers(from).fill(edits, missing);
    return edits.cut(new Span(from, in.valueEnd()));
  }

  /** The same edits, to which others can be added. */
  Edits copy() {
    return new Edits(body, edits);
  }

  public void insert(int at, String json) {
    replace(new Span(at, at), json);
  }

  public void replace(Span span, String json) {
    edits.add(new Edit(span, json.getBytes(StandardCharsets.UTF_8)));
  }

  public void replace(Span span, JsonText json) {
    edits.add(new Edit(span, json.toUtf8()));
  }

  /** Takes a part out, together with the edits inside it. */
  void remove(Span span) {
    edits.add(new Edit(span, NOTHING));
  }

  /** Cuts out a part of the body, edited. All edits are inside the part. */
  public JsonText cut(Span part) {
    if (edits.isEmpty()) {
      return JsonText.ofUtf8(Arrays.copyOfRange(body, part.from(), part.to()));
    }
    List<Edit> applied = applied(part);
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
  private List<Edit> applied(Span part) {
    List<Edit> sorted = new ArrayList<>(edits);
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
