package org.smg.history.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.smg.history.model.HistoryFailure;

/**
 * Reads items. What clients send may use OpenAI's shorthand, which is written out; what a model
 * server answered keeps its shape. Types are open-ended: only messages are looked into.
 */
public final class ItemReader {

  private static final String MESSAGE = "message";
  private static final String REFERENCE = "item_reference";

  private static final Set<String> ROLES =
      Set.of(
          "assistant", "critic", "developer", "discriminator", "system", "tool", "unknown", "user");
  private static final String SUPPORTED_ROLES = "'assistant', 'system', 'developer', and 'user'";

  /** What a part of a message shows although it may be sent without (api.md, section 4.2). */
  private static final Map<String, List<Default>> PART_DEFAULTS =
      Map.of(
          "output_text", List.of(new Default("annotations", "[]"), new Default("logprobs", "[]")),
          "input_image", List.of(new Default("detail", "\"auto\"")));

  private static final Set<String> PART_MEMBERS = Set.of("annotations", "logprobs", "detail");

  private record Default(String name, String json) {}

  private final JsonInput in;

  public ItemReader(JsonInput in) {
    this.in = in;
  }

  /**
   * Reads an array of items as clients send them.
   *
   * @param most how many are read; the rest is only counted
   */
  public ItemDrafts inputs(int most) {
    return array(most, this::input);
  }

  /**
   * Reads an array of items as a model server answered them.
   *
   * @param most how many are read; the rest is only counted
   */
  ItemDrafts outputs(int most) {
    return array(most, this::output);
  }

  /** Reads a string as the one message of a user that it stands for. */
  public ItemDrafts userMessage() {
    String path = in.path();
    Span string = in.skip();
    Edits spelledOut = new Edits(in.body());
    spelledOut.insert(
        string.from(), "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":");
    spelledOut.insert(string.to(), "}]}");
    byte[] message = spelledOut.cut(string).toUtf8();
    ItemDraft draft =
        new ItemDraft(
            path,
            new ItemDraft.Facts(null, MESSAGE, false, false, false),
            new Span(0, message.length),
            new Edits(message),
            new MissingMembers(0));
    return new ItemDrafts(path, List.of(draft), 1);
  }

  private ItemDrafts array(int most, Supplier<ItemDraft> reader) {
    in.enterArray();
    String path = in.path();
    List<ItemDraft> drafts = new ArrayList<>();
    int count = 0;
    while (in.nextElement()) {
      if (count++ < most) {
        drafts.add(reader.get());
      } else {
        in.skip();
      }
    }
    return new ItemDrafts(path, drafts, count);
  }

  private ItemDraft input() {
    Reading item = new Reading();
    item.read();
    if (item.isReference()) {
      return item.reference();
    }
    item.inferType();
    if (item.type.equals(MESSAGE)) {
      item.spellOutMessage();
    }
    return item.draft();
  }

  private ItemDraft output() {
    Reading item = new Reading();
    item.read();
    if (item.type == null) {
      throw JsonInput.missing(item.path + ".type");
    }
    return item.draft();
  }

  /** One item while it is read. */
  private final class Reading {

    private final String path = in.path();
    private final int open = in.start();
    private final Edits edits = new Edits(in.body());
    private final MissingMembers missing = new MissingMembers(open);
    private final Map<String, String> members = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private Span stringContent;
    private boolean hasContent;
    private boolean hasOthers;
    private HistoryFailure.Invalid contentFault;
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
      type = members.get("type");
    }

    private void readText(String name) {
      if (in.atNull()) {
        missing.isNull(name, in.skip());
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
      MissingMembers missingOfPart = new MissingMembers(in.start());
      Set<String> present = new HashSet<>();
      String partType = null;
      in.enterObject();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        if (name.equals("type") && in.atString()) {
          partType = in.string();
        } else if (PART_MEMBERS.contains(name)) {
          if (in.atNull()) {
            missingOfPart.isNull(name, in.skip());
          } else {
            present.add(name);
            in.skip();
          }
        } else {
          in.skip();
        }
      }
      if (partType == null) {
        contentFault = JsonInput.missing(in.path() + ".type");
      } else if (PART_DEFAULTS.containsKey(partType)) {
        parts.add(new Part(missingOfPart, present, partType));
      }
    }

    boolean isReference() {
      return REFERENCE.equals(type)
          || type == null
              && members.containsKey("id")
              && members.size() == 1
              && !hasContent
              && !hasOthers;
    }

    /** Content with a role and no type is a message. */
    void inferType() {
      if (type == null) {
        if (!members.containsKey("role")) {
          throw JsonInput.missing(path + ".type");
        }
        type = MESSAGE;
      }
    }

    void spellOutMessage() {
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
      parts.forEach(part -> part.fill(edits));
    }

    ItemDraft reference() {
      if (!members.containsKey("id")) {
        throw JsonInput.missing(path + ".id");
      }
      return draft(true);
    }

    ItemDraft draft() {
      return draft(false);
    }

    private ItemDraft draft(boolean reference) {
      ItemDraft.Facts facts =
          new ItemDraft.Facts(
              members.get("id"),
              type,
              members.containsKey("type"),
              members.containsKey("status"),
              reference);
      return new ItemDraft(path, facts, new Span(open, in.valueEnd()), edits, missing);
    }
  }

  /**
   * A part of a message.
   *
   * @param present which of the members with a default it has
   */
  private record Part(MissingMembers missing, Set<String> present, String type) {

    void fill(Edits edits) {
      Map<String, String> values = new LinkedHashMap<>();
      for (Default shown : PART_DEFAULTS.get(type)) {
        if (!present.contains(shown.name())) {
          values.put(shown.name(), shown.json());
        }
      }
      missing.fill(edits, values);
    }
  }
}
