package org.smg.history.storage.redis.layout;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.storage.IdempotencyRecord;

/** Conversations, responses and feedback as named values. Times are microseconds since 1970. */
public final class RecordEncoding {

  /** What is read of a conversation's hash; the first one is there if the conversation is. */
  public static final List<String> CONVERSATION_FIELDS =
      List.of("version", "owner", "created_at", "updated_at", "metadata");

  private static final String LABEL = "label.";

  /** Beside the status of a run, for which it has a word that the version before knows. */
  private static final String IN_PROGRESS = "in_progress";

  private RecordEncoding() {}

  public static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  public static String time(Instant instant) {
    return instant == null ? null : Long.toString(micros(instant));
  }

  private static Instant instant(String time) {
    if (time == null) {
      return null;
    }
    long micros = Long.parseLong(time);
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }

  /** The fields of a conversation's hash. */
  public static Map<String, String> conversation(Conversation conversation) {
    Map<String, String> fields = versioned();
    fields.put("owner", conversation.owner());
    fields.put("created_at", time(conversation.createdAt()));
    fields.put("updated_at", time(conversation.updatedAt()));
    fields.put("metadata", metadata(conversation.metadata()));
    return fields;
  }

  public static String metadata(Metadata metadata) {
    return RecordText.of(metadata.entries());
  }

  /** Each label as it is in the text of metadata. */
  public static String[] labels(Metadata metadata) {
    return metadata.entries().entrySet().stream()
        .map(label -> RecordText.of(Map.of(label.getKey(), label.getValue())))
        .toArray(String[]::new);
  }

  /**
   * @param fields the values of {@link #CONVERSATION_FIELDS}
   */
  public static Conversation conversation(Key key, List<String> fields) {
    Layout.check(fields.get(0));
    return new Conversation(
        key,
        fields.get(1),
        instant(fields.get(2)),
        instant(fields.get(3)),
        new Metadata(RecordText.parse(fields.get(4))));
  }

  /** All of a response but its tenant and JSON. */
  public static String description(StoredResponse response) {
    Map<String, String> values = versioned();
    values.put("id", response.key().id());
    values.put("owner", response.owner());
    values.put("recorded_at", time(response.recordedAt()));
    values.put("created_at", time(response.createdAt()));
    values.put("completed_at", time(response.completedAt()));
    values.put(
        "status", (response.isFinished() ? response.status() : ResponseStatus.FAILED).name());
    values.put(IN_PROGRESS, response.isFinished() ? null : "1");
    values.put("model", response.model());
    values.put("conversation", response.conversationId());
    values.put("previous_response", response.previousResponseId());
    values.put("safety_identifier", response.safetyIdentifier());
    values.put("user", response.user());
    TokenUsage usage = response.usage();
    values.put("input_tokens", number(usage.input()));
    values.put("cached_tokens", number(usage.cached()));
    values.put("output_tokens", number(usage.output()));
    values.put("reasoning_tokens", number(usage.reasoning()));
    values.put("total_tokens", number(usage.total()));
    values.put("fingerprint", response.fingerprint());
    putLabels(values, response.metadata());
    return RecordText.of(values);
  }

  public static StoredResponse response(String tenant, String description, byte[] json) {
    Map<String, String> values = read(description);
    return new StoredResponse(
        new Key(tenant, values.get("id")),
        values.get("owner"),
        instant(values.get("recorded_at")),
        instant(values.get("created_at")),
        instant(values.get("completed_at")),
        values.containsKey(IN_PROGRESS)
            ? ResponseStatus.IN_PROGRESS
            : ResponseStatus.valueOf(values.get("status")),
        values.get("model"),
        values.get("conversation"),
        values.get("previous_response"),
        values.get("safety_identifier"),
        values.get("user"),
        new TokenUsage(
            number(values.get("input_tokens")),
            number(values.get("cached_tokens")),
            number(values.get("output_tokens")),
            number(values.get("reasoning_tokens")),
            number(values.get("total_tokens"))),
        labels(values),
        values.get("fingerprint"),
        JsonText.ofUtf8(json));
  }

  public static String feedback(Feedback feedback) {
    Map<String, String> values = versioned();
    values.put("owner", feedback.owner());
    values.put("response", feedback.responseId());
    values.put("conversation", feedback.conversationId());
    values.put("model", feedback.model());
    values.put("rating", feedback.rating() == null ? null : feedback.rating().name());
    values.put("comment", feedback.comment());
    values.put("author", feedback.author());
    values.put("created_at", time(feedback.createdAt()));
    putLabels(values, feedback.metadata());
    return RecordText.of(values);
  }

  public static Feedback feedback(Key key, String record) {
    Map<String, String> values = read(record);
    String rating = values.get("rating");
    return new Feedback(
        key,
        values.get("owner"),
        values.get("response"),
        values.get("conversation"),
        values.get("model"),
        rating == null ? null : Rating.valueOf(rating),
        values.get("comment"),
        values.get("author"),
        labels(values),
        instant(values.get("created_at")));
  }

  public static String idempotency(IdempotencyRecord record) {
    Map<String, String> values = versioned();
    values.put("key", record.keyHash());
    values.put("request", record.requestHash());
    values.put("owner", record.owner());
    values.put("status", Integer.toString(record.status()));
    values.put("recorded_at", time(record.recordedAt()));
    // Ids contain no control characters.
    values.put("ids", String.join("\n", record.ids()));
    return RecordText.of(values);
  }

  public static IdempotencyRecord idempotency(String text) {
    Map<String, String> values = read(text);
    return new IdempotencyRecord(
        values.get("key"),
        values.get("request"),
        values.get("owner"),
        Integer.parseInt(values.get("status")),
        List.of(values.get("ids").split("\n")),
        instant(values.get("recorded_at")));
  }

  private static Map<String, String> versioned() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("version", Layout.VERSION);
    return values;
  }

  private static Map<String, String> read(String record) {
    Map<String, String> values = RecordText.parse(record);
    Layout.check(values.get("version"));
    return values;
  }

  private static void putLabels(Map<String, String> values, Metadata metadata) {
    metadata.entries().forEach((name, value) -> values.put(LABEL + name, value));
  }

  private static Metadata labels(Map<String, String> values) {
    Map<String, String> labels = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(LABEL)) {
            labels.put(name.substring(LABEL.length()), value);
          }
        });
    return new Metadata(labels);
  }

  private static String number(Long number) {
    return number == null ? null : number.toString();
  }

  private static Long number(String number) {
    return number == null ? null : Long.valueOf(number);
  }
}
