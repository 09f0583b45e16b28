package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.List;
import org.smg.history.model.Key;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.NamePart;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Lets the locations of items expire with the last of what they lead to, and removes those that
 * lead to nothing. What a location leads to is given by its stored time, so that it does not matter
 * which of the two the walk comes to first.
 */
final class LocationExpiry {

  private static final int ATTEMPTS = 3;

  /** Milliseconds, longer than any request lives. */
  private static final long LONGEST_REQUEST = 3_600_000;

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;

  LocationExpiry(ScriptRunner scripts, RedisKeys keys, RetentionRule retention) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
  }

  /**
   * A place that has an item, or may have it.
   *
   * @param item the index of the item among those that are looked at
   * @param target the conversation or response
   */
  private record Place(int item, String word, boolean isConversation, Key target) {}

  /**
   * @param items the keys of their locations
   */
  void retain(String tenant, List<String> items) {
    List<String> left = items;
    for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
      left = tryToRetain(tenant, left);
    }
    // A writer that changed the others has renewed them, too.
  }

  /**
   * @return those that a writer has changed meanwhile
   */
  private List<String> tryToRetain(String tenant, List<String> items) {
    List<ScriptReply> read =
        scripts
            .runEach(
                items.stream().map(item -> ScriptCall.of(Script.LOCATIONS_READ, item)).toList())
            .stream()
            .map(ScriptReply::of)
            .toList();
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (read.get(i).has(0)) {
        places.addAll(places(tenant, i, read.get(i).text(0)));
      }
    }
    List<Long> times = storedTimes(places);
    List<ScriptCall> calls = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < items.size(); i++) {
      if (!read.get(i).has(0)) {
        continue;
      }
      Decision decision = new Decision(read.get(i).text(1));
      for (; next < places.size() && places.get(next).item() == i; next++) {
        decision.add(places.get(next), times.get(next));
      }
      calls.add(decision.call(items.get(i), read.get(i).text(0)));
      changed.add(items.get(i));
    }
    List<Object> done = scripts.runEach(calls);
    for (int i = done.size() - 1; i >= 0; i--) {
      if ((Long) done.get(i) == 1) {
        changed.remove(i);
      }
    }
    return changed;
  }

  private static List<Place> places(String tenant, int item, String locations) {
    String[] words = locations.split(" ");
    Layout.check(words[0]);
    List<Place> places = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      Key target = new Key(tenant, NamePart.decoded(words[i].substring(words[i].indexOf(':') + 1)));
      places.add(new Place(item, words[i], ItemLocator.isConversation(words[i]), target));
    }
    return places;
  }

  /** When what places name was updated or recorded, in microseconds; null where it is not there. */
  private List<Long> storedTimes(List<Place> places) {
    List<Object> first =
        scripts.runEach(
            places.stream()
                .map(
                    place ->
                        place.isConversation()
                            ? ScriptCall.command(
                                "HGET", keys.conversation(place.target()).hash(), "updated_at")
                            : ScriptCall.command("GET", keys.pointer(place.target())))
                .toList());
    List<ScriptCall> second = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      if (!places.get(i).isConversation()) {
        String pointer = ScriptReply.text(first.get(i));
        String hash = pointer == null ? keys.probe() : Pointer.parse(pointer).hash();
        second.add(ScriptCall.command("HGET", hash, "description"));
      }
    }
    List<Object> descriptions = scripts.runEach(second);
    List<Long> times = new ArrayList<>();
    int response = 0;
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).isConversation()) {
        String time = ScriptReply.text(first.get(i));
        times.add(time == null ? null : Long.valueOf(time));
      } else {
        String description = ScriptReply.text(descriptions.get(response++));
        times.add(
            description == null
                ? null
                : (Long)
                    RecordEncoding.micros(
                        RecordEncoding.response(
                                places.get(i).target().tenant(), description, new byte[0])
                            .recordedAt()));
      }
    }
    return times;
  }

  /** What becomes of the locations of one item. */
  private final class Decision {

    /** When the key expires now. */
    private final String expiry;

    private final StringBuilder kept = new StringBuilder();
    private String expiresAt = "";

    Decision(String expiry) {
      this.expiry = expiry;
    }

    void add(Place place, Long storedAt) {
      RetentionPeriod period =
          place.isConversation() ? retention.conversations() : retention.responses();
      long horizon =
          place.isConversation()
              ? retention.horizon().conversations()
              : retention.horizon().responses();
      if (storedAt != null && storedAt >= horizon) {
        keep(place, period.expiresAt(storedAt));
        return;
      }
      // On a Cluster a location may be older than what it leads to. And what is due and not removed
      // yet takes its locations along.
      if (storedAt != null || !scripts.oneServer() && mayBeYoung(period)) {
        keep(place, RetentionPeriod.sooner(expiry, period.expiresAt()));
      }
    }

    private void keep(Place place, String until) {
      kept.append(' ').append(place.word());
      expiresAt = expiresAt.isEmpty() ? until : RetentionPeriod.later(expiresAt, until);
    }

    /** Whether the key's expiry allows that a request which still lives has added a location. */
    private boolean mayBeYoung(RetentionPeriod period) {
      return expiry.equals("-1")
          || period.duration() != null
              && Long.parseLong(expiry) > Long.parseLong(period.expiresAt()) - LONGEST_REQUEST;
    }

    ScriptCall call(String key, String there) {
      String locations = kept.length() == 0 ? "" : Layout.VERSION + kept;
      return ScriptCall.of(Script.LOCATIONS_RETAIN, key).with(there, expiry, locations, expiresAt);
    }
  }
}
