package org.smg.history.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.JsonText;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.model.Turn;
import org.smg.history.rules.Ids;
import org.smg.history.rules.Limits;

/**
 * What clients send to record a finished turn: the Response object as the model server gave it, and
 * beside its members the request's {@code input}. What is stored as the response is the body
 * without {@code input}; a {@code conversation} given as a string becomes an object, and {@code
 * id}, {@code object}, {@code created_at} and {@code status} are filled in where they are absent or
 * null.
 *
 * @param store whether anything is to be stored at all
 */
public record TurnBody(Turn turn, boolean store) {

  /** 9999-12-31T23:59:59Z, the last second that every backend and client can tell. */
  private static final double LAST_SECOND = 253402300799d;

  /**
   * @param id the response's id, from the path
   * @param now when the turn is recorded
   */
  public static TurnBody of(byte[] body, Caller caller, String id, Instant now, Ids ids) {
    Limits.checkId("id", id);
    return new Reader(body, caller, id, now, ids).read();
  }

  private static final class Reader {

    private final JsonInput in;
    private final Edits edits;
    private final Completion completion;
    private final ItemReader items;
    private final Caller caller;
    private final String id;
    private final Instant now;
    private final Set<String> given = new HashSet<>();

    private Instant createdAt;
    private Instant completedAt;
    private ResponseStatus status = ResponseStatus.COMPLETED;
    private String model;
    private String conversationId;
    private String previousResponseId;
    private String safetyIdentifier;
    private String user;
    private boolean store = true;
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private Metadata metadata = Metadata.NONE;
    private List<ItemInput> input = List.of();
    private List<Item> output = List.of();

    Reader(byte[] body, Caller caller, String id, Instant now, Ids ids) {
      this.in = new JsonInput(body);
      this.edits = new Edits(in.body());
      this.completion = new Completion(edits, in.start());
      this.items = new ItemReader(in, edits, ids);
      this.caller = caller;
      this.id = id;
      this.now = now;
      this.createdAt = now;
    }

    TurnBody read() {
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
      check();
      complete(kept > 0);
      JsonText json = edits.cut(0, whole);
      return new TurnBody(new Turn(response(json), input, output), store);
    }

    private void member(String name) {
      switch (name) {
        case "id" -> {
          if (present(name) && !in.string().equals(id)) {
            throw in.invalid("invalid_value", "expected the id of the path, '%s'.".formatted(id));
          }
        }
        case "object" -> {
          if (present(name) && !in.string().equals("response")) {
            throw JsonInput.unsupported(in.path(), in.string(), "'response'");
          }
        }
        case "created_at" -> {
          if (present(name)) {
            createdAt = instant();
          }
        }
        case "completed_at" -> completedAt = present(name) ? instant() : null;
        case "status" -> {
          if (present(name)) {
            status = EnumNames.read(ResponseStatus.class, in.path(), in.string());
          }
        }
        case "model" -> model = field(name);
        case "safety_identifier" -> safetyIdentifier = field(name);
        case "user" -> user = field(name);
        case "previous_response_id" -> previousResponseId = present(name) ? id() : null;
        case "conversation" -> conversation(name);
        case "store" -> store = !present(name) || in.bool();
        case "usage" -> usage(name);
        case "metadata" -> {
          in.refuseSecond(given, name);
          metadata = MetadataReader.read(in);
        }
        case "input" -> input(name);
        case "output" -> {
          if (present(name)) {
            output = items.outputs(Limits.ITEMS_PER_TURN);
          }
        }
        default -> in.skip();
      }
    }

    /** Whether a member has a value. A null counts as absent, and can be filled in. */
    private boolean present(String name) {
      in.refuseSecond(given, name);
      if (in.atNull()) {
        completion.isNull(name, in.skip());
        return false;
      }
      return true;
    }

    private String field(String name) {
      if (!present(name)) {
        return null;
      }
      String value = in.string();
      Limits.checkField(in.path(), value, Limits.FIELD_LENGTH);
      return value;
    }

    private String id() {
      String value = in.string();
      Limits.checkId(in.path(), value);
      return value;
    }

    private Instant instant() {
      double seconds = in.numberOrNull();
      if (!(seconds >= 0 && seconds <= LAST_SECOND)) {
        throw in.invalid("invalid_value", "expected seconds since 1970, up to the year 9999.");
      }
      return Instant.EPOCH.plus(Math.round(seconds * 1e6), ChronoUnit.MICROS);
    }

    private void conversation(String name) {
      if (!present(name)) {
        return;
      }
      if (in.atString()) {
        int from = in.start();
        conversationId = id();
        edits.insert(from, "{\"id\":");
        edits.insert(in.valueEnd(), "}");
        return;
      }
      if (!in.atObject()) {
        throw in.wrongType("a string or an object");
      }
      Set<String> seen = new HashSet<>();
      in.enterObject();
      for (String member = in.nextMember(); member != null; member = in.nextMember()) {
        if (member.equals("id")) {
          in.refuseSecond(seen, member);
          conversationId = id();
        } else {
          in.skip();
        }
      }
      if (conversationId == null) {
        throw JsonInput.missing(in.path() + ".id");
      }
    }

    private void input(String name) {
      in.refuseSecond(given, name);
      if (in.atString()) {
        input = List.of(items.userMessage());
      } else if (in.atArray()) {
        input = items.inputs(Limits.ITEMS_PER_TURN);
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
      usage = new TokenUsage(inputTokens, cached, outputTokens, reasoning, total);
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

    private void check() {
      if (conversationId != null && previousResponseId != null) {
        throw new HistoryFailure.Invalid(
            null,
            "mutually_exclusive_parameters",
            "Mutually exclusive parameters: ''. Ensure you are only providing one of:"
                + " 'previous_response_id' or 'conversation'.");
      }
    }

    private void complete(boolean hasMembers) {
      fillUnlessGiven("id", JsonOutput.quoted(id));
      fillUnlessGiven("object", "\"response\"");
      fillUnlessGiven("created_at", Long.toString(createdAt.getEpochSecond()));
      fillUnlessGiven("status", "\"" + EnumNames.of(status) + "\"");
      completion.apply(hasMembers);
    }

    private void fillUnlessGiven(String name, String json) {
      if (!given.contains(name) || completion.wasNull(name)) {
        completion.fill(name, json);
      }
    }

    private StoredResponse response(JsonText json) {
      return new StoredResponse(
          caller.key(id),
          caller.user(),
          now,
          createdAt,
          completedAt,
          status,
          model,
          conversationId,
          previousResponseId,
          safetyIdentifier,
          user,
          usage,
          metadata,
          fingerprint(in.body()),
          json);
    }

    private static String fingerprint(byte[] body) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
