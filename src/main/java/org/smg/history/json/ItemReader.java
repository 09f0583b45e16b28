package org.smg.history.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.JsonText;
import org.smg.history.rules.Ids;
import org.smg.history.rules.ItemType;
import org.smg.history.rules.Limits;

/**
 * Reads items. What clients send is completed as OpenAI completes it (contract, section 3.2); what
 * a model server answered keeps its shape and only gets an id where it has none. Types are
 * open-ended: only messages are looked into.
 */
final class ItemReader {

  private static final String REFERENCE = "item_reference";

  private static final Set<String> ROLES =
      Set.of(
          "assistant", "critic", "developer", "discriminator", "system", "tool", "unknown", "user");
  private static final String SUPPORTED_ROLES = "'assistant', 'system', 'developer', and 'user'";

  /** What a part of a message shows although it may be sent without (contract, section 3.3). */
  private static final Map<String, List<Default>> PART_DEFAULTS =
      Map.of(
          "output_text", List.of(new Default("annotations", "[]"), new Default("logprobs", "[]")),
          "input_image", List.of(new Default("detail", "\"auto\"")));

  private static final Set<String> PART_MEMBERS = Set.of("annotations", "logprobs", "detail");

  private record Default(String name, String json) {}

  private final JsonInput in;
  private final Edits edits;
  private final Ids ids;

  ItemReader(JsonInput in, Edits edits, Ids ids) {
    this.in = in;
    this.edits = edits;
    this.ids = ids;
  }

  /** Reads an array of items as clients send them. */
  List<ItemInput> inputs(int max) {
    return array(max, this::input);
  }

  /** Reads an array of items as a model server answered them. */
  List<Item> outputs(int max) {
    return array(max, this::output);
  }

  /** Makes the one message that a plain string stands for. */
  Item userMessage() {
    Span text = in.skip();
    String id = ids.item(ItemType.MESSAGE);
    Edits message = new Edits(in.body());
    message.insert(
        text.from(),
        ("{\"id\":\"%s\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\","
                + "\"content\":[{\"type\":\"input_text\",\"text\":")
            .formatted(id));
    message.insert(text.to(), "}]}");
    return new Item(id, ItemType.MESSAGE, message.cut(0, text));
  }

  private interface ElementReader<T> {
    T read();
  }

  private <T> List<T> array(int max, ElementReader<T> reader) {
    in.enterArray();
    String path = in.path();
    List<T> elements = new ArrayList<>();
    int count = 0;
    while (in.nextElement()) {
      if (count++ < max) {
        elements.add(reader.read());
      } else {
        in.skip();
      }
    }
    if (count > max) {
      throw new HistoryFailure.Invalid(
          path,
          "array_above_max_length",
          ("Invalid '%s': array too long. Expected an array with maximum length %d,"
                  + " but got an array with length %d instead.")
              .formatted(path, max, count));
    }
    return elements;
  }

  private ItemInput input() {
    Draft draft = new Draft();
    draft.read();
    if (draft.isReference()) {
      return draft.reference();
    }
    draft.inferType();
    if (draft.type.equals(ItemType.MESSAGE)) {
      draft.completeMessage();
    }
    draft.completeId();
    if (draft.members.get("type") == null) {
      draft.completion.fill("type", "\"" + ItemType.MESSAGE + "\"");
    }
    if (draft.members.get("status") == null && ItemType.of(draft.type).hasStatus()) {
      draft.completion.fill("status", "\"completed\"");
    }
    return draft.item();
  }

  private Item output() {
    Draft draft = new Draft();
    draft.read();
    if (draft.type == null) {
      throw JsonInput.missing(draft.path + ".type");
    }
    draft.completeId();
    return draft.item();
  }

  /** One item while it is read. */
  private final class Draft {

    private final int mark = edits.mark();
    private final String path = in.path();
    private final int open = in.start();
    private final Completion completion = new Completion(edits, open);
    private final Map<String, String> members = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private Span stringContent;
    private boolean hasContent;
    private boolean hasOthers;
    private HistoryFailure.Invalid contentFault;
    private String id;
    private String type;

    void read() {
      in.enterObject();
      Set<String> seen = new HashSet<>();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        switch (name) {
          case "id", "type", "role", "status" -> {
            in.refuseSecond(seen, name);
            readText(name);
          }
          case "content" -> {
            in.refuseSecond(seen, name);
            readContent();
          }
          default -> {
            hasOthers |= !in.atNull();
            in.skip();
          }
        }
      }
      id = members.get("id");
      type = members.get("type");
      if (id != null) {
        Limits.checkId(path + ".id", id);
      }
      Limits.checkField(path + ".type", type, Limits.FIELD_LENGTH);
    }

    private void readText(String name) {
      if (in.atNull()) {
        completion.isNull(name, in.skip());
      } else {
        members.put(name, in.string());
      }
    }

    private void readContent() {
      hasContent = !in.atNull();
      if (in.atString()) {
        stringContent = in.skip();
      } else if (in.atArray()) {
        in.enterArray();
        while (in.nextElement()) {
          readPart();
        }
      } else {
        if (hasContent) {
          contentFault = in.wrongType("a string or an array");
        }
        in.skip();
      }
    }

    private void readPart() {
      if (!in.atObject()) {
        contentFault = in.wrongType("an object");
        in.skip();
        return;
      }
      Part part = new Part(new Completion(edits, in.start()), new HashSet<>());
      String partType = null;
      in.enterObject();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        if (name.equals("type") && in.atString()) {
          partType = in.string();
        } else if (PART_MEMBERS.contains(name)) {
          if (in.atNull()) {
            part.completion().isNull(name, in.skip());
          } else {
            part.present().add(name);
            in.skip();
          }
        } else {
          in.skip();
        }
      }
      if (partType == null) {
        contentFault = JsonInput.missing(in.path() + ".type");
      } else if (PART_DEFAULTS.containsKey(partType)) {
        parts.add(part.ofType(partType));
      }
    }

    boolean isReference() {
      return REFERENCE.equals(type)
          || type == null && id != null && members.size() == 1 && !hasContent && !hasOthers;
    }

    /** Content with a role and no type is a message. */
    void inferType() {
      if (type == null) {
        if (!members.containsKey("role")) {
          throw JsonInput.missing(path + ".type");
        }
        type = ItemType.MESSAGE;
      }
    }

    void completeMessage() {
      String role = members.get("role");
      if (role == null) {
        throw JsonInput.missing(path + ".role");
      }
      if (!ROLES.contains(role)) {
        throw JsonInput.unsupported(path + ".role", role, SUPPORTED_ROLES);
      }
      if (!hasContent) {
        throw JsonInput.missing(path + ".content");
      }
      if (contentFault != null) {
        throw contentFault;
      }
      if (stringContent != null) {
        boolean answer = role.equals("assistant");
        edits.insert(
            stringContent.from(),
            answer
                ? "[{\"type\":\"output_text\",\"text\":"
                : "[{\"type\":\"input_text\",\"text\":");
        edits.insert(stringContent.to(), answer ? ",\"annotations\":[],\"logprobs\":[]}]" : "}]");
      }
      parts.forEach(Part::complete);
    }

    ItemReference reference() {
      if (id == null) {
        throw JsonInput.missing(path + ".id");
      }
      return new ItemReference(id);
    }

    void completeId() {
      if (id == null) {
        id = ids.item(type);
        completion.fill("id", "\"" + id + "\"");
      }
    }

    Item item() {
      completion.apply();
      JsonText json = edits.cut(mark, new Span(open, in.valueEnd()));
      return new Item(id, type, json);
    }
  }

  private record Part(Completion completion, Set<String> present, String type) {

    Part(Completion completion, Set<String> present) {
      this(completion, present, null);
    }

    Part ofType(String type) {
      return new Part(completion, present, type);
    }

    void complete() {
      PART_DEFAULTS
          .get(type)
          .forEach(
              shown -> {
                if (!present.contains(shown.name())) {
                  completion.fill(shown.name(), shown.json());
                }
              });
      completion.apply();
    }
  }
}
