package org.smg.history.storage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.Item;
import org.smg.history.model.ItemReference;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;
import org.smg.history.model.ReusedItem;
import org.smg.history.model.Scope;
import org.smg.history.model.TimeRange;

/** Values to store. Times are counted in microseconds, the finest that is stored. */
public final class Samples {

  private static final Instant START = Instant.parse("2026-11-22T09:30:00.123456Z");

  /** Who makes things where a test does not care. */
  public static final String OWNER = "owner";

  private Samples() {}

  public static Instant at(long micros) {
    return START.plus(micros, ChronoUnit.MICROS);
  }

  /** From the first time on, until before the second. */
  public static TimeRange between(long from, long until) {
    return new TimeRange(at(from), at(until));
  }

  /** The whole tenant of the key: what an administrator of it may see. */
  public static Scope scopeOf(Key key) {
    return Scope.ofTenant(key.tenant());
  }

  public static Conversation conversation(Key key) {
    return conversation(key, 0, Metadata.NONE);
  }

  public static Conversation conversation(Key key, String owner) {
    return new Conversation(key, owner, at(0), at(0), Metadata.NONE);
  }

  public static Conversation conversation(Key key, long created, Metadata metadata) {
    return new Conversation(key, OWNER, at(created), at(created), metadata);
  }

  public static Item message(String id) {
    return message(id, "Hello");
  }

  /** A message that differs from others of the same id in its text. */
  public static Item message(String id, String text) {
    return new Item(
        id,
        "message",
        JsonText.of(
            "{\"id\":%s,\"type\":\"message\",\"role\":\"user\",\"content\":%s}"
                .formatted(quoted(id), quoted(text))));
  }

  /** Messages {@code prefix1}, {@code prefix2}, and so on. */
  public static Item[] messages(String prefix, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> message(prefix + number))
        .toArray(Item[]::new);
  }

  /** A message that is posted under an id which this service made. */
  public static ReusedItem reused(String id, String text) {
    return new ReusedItem(message(id, text));
  }

  public static ItemReference reference(String id) {
    return new ItemReference(id);
  }

  public static Feedback feedback(Key key, String responseId) {
    return feedback(key, OWNER, responseId);
  }

  public static Feedback feedback(Key key, String owner, String responseId) {
    return feedback(key, owner, responseId, Rating.POSITIVE, "author", 0);
  }

  public static Feedback feedback(
      Key key, String responseId, Rating rating, String author, long created) {
    return feedback(key, OWNER, responseId, rating, author, created);
  }

  private static Feedback feedback(
      Key key, String owner, String responseId, Rating rating, String author, long created) {
    return new Feedback(
        key,
        owner,
        responseId,
        null,
        null,
        rating,
        "Well said",
        author,
        labels("app", "chat"),
        at(created));
  }

  /** Metadata of keys and values in turns. */
  public static Metadata labels(String... keysAndValues) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      labels.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Metadata(labels);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
