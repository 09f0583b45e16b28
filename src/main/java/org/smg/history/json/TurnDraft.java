package org.smg.history.json;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.TokenUsage;

/**
 * What clients send to record a finished turn: the Response object as the model server gave it, and
 * beside its members the request's {@code input}. The text of the response is the body without
 * {@code input}; a {@code conversation} given as a string becomes an object. What was not sent, or
 * sent as null, is null here.
 */
public final class TurnDraft {

  private final byte[] body;
  private final Span whole;
  private final boolean hasMembers;
  private final Edits edits;
  private final MissingMembers missing;
  private final Members members;

  private TurnDraft(Reader reader, Span whole, boolean hasMembers) {
    this.body = reader.in.body();
    this.whole = whole;
    this.hasMembers = hasMembers;
    this.edits = reader.edits;
    this.missing = reader.missing;
    this.members = reader.members;
  }

  /**
   * @param mostItems how many items of input and of output are read; the rest is only counted
   */
  public static TurnDraft of(byte[] body, int mostItems) {
    return new Reader(body, mostItems).read();
  }

  /** The body as it was sent. */
  public byte[] body() {
    return body.clone();
  }

  public String id() {
    return members.id;
  }

  /** In seconds since 1970. */
  public Double createdAt() {
    return members.createdAt;
  }

  /** In seconds since 1970. */
  public Double completedAt() {
    return members.completedAt;
  }

  public ResponseStatus status() {
    return members.status;
  }

  public String model() {
    return members.model;
  }

  public String conversationId() {
    return members.conversationId;
  }

  /** Where the conversation's id stands: {@code conversation} or {@code conversation.id}. */
  public String conversationPath() {
    return members.conversationPath;
  }

  public String previousResponseId() {
    return members.previousResponseId;
  }

  public String safetyIdentifier() {
    return members.safetyIdentifier;
  }

  public String user() {
    return members.user;
  }

  public Boolean store() {
    return members.store;
  }

  /** Never null; {@link TokenUsage#UNKNOWN} where the model server did not count. */
  public TokenUsage usage() {
    return members.usage;
  }

  /** Never null. */
  public Metadata metadata() {
    return members.metadata;
  }

  /** The items that were sent to the model; never null. */
  public ItemDrafts input() {
    return members.input;
  }

  /** The items that the model answered with. */
  public ItemDrafts output() {
    return members.output;
  }

  /**
   * Makes the text of the response, with values for the members that it lacks.
   *
   * @param createdAt in whole seconds since 1970
   * @param output the items made of {@link #output}
   */
  public JsonText complete(String id, long createdAt, ResponseStatus status, List<Item> output) {
    Map<String, String> values = new LinkedHashMap<>();
    fill(values, "id", JsonOutput.quoted(id));
    fill(values, "object", "\"response\"");
    fill(values, "created_at", Long.toString(createdAt));
    fill(values, "status", JsonOutput.quoted(EnumNames.of(status)));
    // SDKs read the output of every response, also of one that failed before it had any.
    fill(values, "output", "[]");
    Edits completed = edits.copy();
    for (int i = 0; i < output.size(); i++) {
      ItemDraft draft = members.output.drafts().get(i);
      if (draft.id() == null) {
        completed.replace(draft.span(), output.get(i).json());
      }
    }
    missing.fill(completed, values, hasMembers);
    return completed.cut(whole);
  }

  private void fill(Map<String, String> values, String name, String json) {
    if (!members.present.contains(name)) {
      values.put(name, json);
    }
  }

  /** What the body says; null where it says nothing. */
  private static final class Members {

    private final Set<String> present = new HashSet<>();
    private String id;
    private Double createdAt;
    private Double completedAt;
    private ResponseStatus status;
    private String model;
    private String conversationId;
    private String conversationPath;
    private String previousResponseId;
    private String safetyIdentifier;
    private String user;
    private Boolean store;
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private Metadata metadata = Metadata.NONE;
    private ItemDrafts input = ItemDrafts.none("input");
    private ItemDrafts output;
  }

  private static final class Reader {

    private final JsonInput in;
    private final int mostItems;
    private final Edits edits;
    private final MissingMembers missing;
    private final ItemReader items;
    private final Set<String> seen = new HashSet<>();
    private final Members members = new Members();

    Reader(byte[] body, int mostItems) {
      this.in = new JsonInput(body);
      this.mostItems = mostItems;
      this.edits = new Edits(in.body());
      this.missing = new MissingMembers(in.start());
      this.items = new ItemReader(in);
    }

    TurnDraft read() {
      int open = in.start();
      // Where to cut when the first member is the input: up to the second one.
      int cutFrom = -1;
      int previousEnd = -1;
      int kept = 0;
      in.enterObject();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        int memberStart = in.memberStart();
        if (cutFrom >= 0) {
          edits.remove(new Span(cutFrom, memberStart));
          cutFrom = -1;
        }
        member(name);
        if (!name.equals("input")) {
          kept++;
        } else if (previousEnd < 0) {
          cutFrom = memberStart;
        } else {
          edits.remove(new Span(previousEnd, in.valueEnd()));
        }
        previousEnd = in.valueEnd();
      }
      Span whole = new Span(open, in.valueEnd());
      if (cutFrom >= 0) {
        edits.remove(new Span(cutFrom, previousEnd));
      }
      in.end();
      return new TurnDraft(this, whole, kept > 0);
    }

    private void member(String name) {
      switch (name) {
        case "id" -> members.id = text(name);
        case "object" -> {
          if (present(name) && !in.string().equals("response")) {
            throw JsonInput.unsupported(in.path(), in.string(), "'response'");
          }
        }
        case "created_at" -> members.createdAt = seconds(name);
        case "completed_at" -> members.completedAt = seconds(name);
        case "status" -> {
          if (present(name)) {
            members.status = EnumNames.read(ResponseStatus.finished(), in.path(), in.string());
          }
        }
        case "model" -> members.model = text(name);
        case "safety_identifier" -> members.safetyIdentifier = text(name);
        case "user" -> members.user = text(name);
        case "previous_response_id" -> members.previousResponseId = text(name);
        case "conversation" -> conversation(name);
        case "store" -> members.store = present(name) ? Boolean.valueOf(in.bool()) : null;
        case "usage" -> usage(name);
        case "metadata" -> {
          in.refuseSecond(seen, name);
          members.metadata = MetadataReader.read(in);
        }
        case "input" -> input(name);
        case "output" -> {
          if (present(name)) {
            members.output = items.outputs(mostItems);
          }
        }
        default -> in.skip();
      }
    }

    /** Whether a member has a value. A null counts as absent, and can be filled in. */
    private boolean present(String name) {
      in.refuseSecond(seen, name);
      if (in.atNull()) {
        missing.isNull(name, in.skip());
        return false;
      }
      members.present.add(name);
      return true;
    }

    private String text(String name) {
      return present(name) ? in.string() : null;
    }

    private Double seconds(String name) {
      return present(name) ? in.numberOrNull() : null;
    }

    private void conversation(String name) {
      if (!present(name)) {
        return;
      }
      if (in.atString()) {
        int from = in.start();
        members.conversationId = in.string();
        members.conversationPath = in.path();
        edits.insert(from, "{\"id\":");
        edits.insert(in.valueEnd(), "}");
        return;
      }
      if (!in.atObject()) {
        throw in.wrongType("a string or an object");
      }
      Set<String> seenInside = new HashSet<>();
      in.enterObject();
      for (String member = in.nextMember(); member != null; member = in.nextMember()) {
        if (member.equals("id")) {
          in.refuseSecond(seenInside, member);
          members.conversationId = in.string();
          members.conversationPath = in.path();
        } else {
          in.skip();
        }
      }
      if (members.conversationId == null) {
        throw JsonInput.missing(in.path() + ".id");
      }
    }

    private void input(String name) {
      in.refuseSecond(seen, name);
      if (in.atString()) {
        members.input = items.userMessage();
      } else if (in.atArray()) {
        members.input = items.inputs(mostItems);
      } else if (in.atNull()) {
        in.skip();
      } else {
        throw in.wrongType("a string or an array");
      }
    }

    private void usage(String name) {
      if (!present(name)) {
        return;
      }
      Long inputTokens = null;
      Long cached = null;
      Long outputTokens = null;
      Long reasoning = null;
      Long total = null;
      in.enterObject();
      for (String member = in.nextMember(); member != null; member = in.nextMember()) {
        switch (member) {
          case "input_tokens" -> inputTokens = in.countOrNull();
          case "input_tokens_details" -> cached = detail("cached_tokens");
          case "output_tokens" -> outputTokens = in.countOrNull();
          case "output_tokens_details" -> reasoning = detail("reasoning_tokens");
          case "total_tokens" -> total = in.countOrNull();
          default -> in.skip();
        }
      }
      members.usage = new TokenUsage(inputTokens, cached, outputTokens, reasoning, total);
    }

    private Long detail(String wanted) {
      if (in.atNull()) {
        return null;
      }
      Long count = null;
      in.enterObject();
      for (String member = in.nextMember(); member != null; member = in.nextMember()) {
        if (member.equals(wanted)) {
          count = in.countOrNull();
        } else {
          in.skip();
        }
      }
      return count;
    }
  }
}
