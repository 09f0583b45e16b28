package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.smg.history.model.Key;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.layout.NamePart;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import redis.clients.jedis.Jedis;

/** What Redis holds, looked at without the storage. */
final class RawKeys {

  static final long NEVER = -1;

  /** In one step: between two, this process may stand still. */
  private static final String EXPIRY =
      """
      local left, time = redis.call('PTTL', KEYS[1]), redis.call('TIME')
      return left < 0 and left or time[1] * 1000 + math.floor(time[2] / 1000) + left
      """;

  private final Map<String, Object> values = new TreeMap<>();
  private final Map<String, Long> expiries = new TreeMap<>();
  private final RedisKeys keys;

  /**
   * @param part what the names of keys have in them
   */
  private RawKeys(List<TestRedis> servers, RedisKeys keys, String part) {
    this.keys = keys;
    for (TestRedis server : servers) {
      try (Jedis jedis = server.connect()) {
        for (String name : jedis.keys("*" + part + "*")) {
          long expiry = (Long) jedis.eval(EXPIRY, 1, name);
          Object value =
              switch (jedis.type(name)) {
                case "hash" -> jedis.hgetAll(name);
                case "list" -> jedis.lrange(name, 0, -1);
                case "zset" -> jedis.zrange(name, 0, -1);
                case "string" -> jedis.get(name);
                default -> null;
              };
          if (value != null) {
            values.put(name, value);
            expiries.put(name, expiry);
          }
        }
      }
    }
  }

  static RawKeys of(List<TestRedis> servers, String prefix, String part) {
    return new RawKeys(servers, new RedisKeys(prefix), part);
  }

  /** Names of keys that hold history, or lead to it. */
  Set<String> names() {
    Set<String> names = new HashSet<>(values.keySet());
    names.removeIf(
        name ->
            name.contains(":retention:")
                || name.contains(":runs:")
                || name.contains(":bytes:")
                || name.contains("idempotency:")
                || name.endsWith(":voided"));
    return names;
  }

  /** When a key expires: milliseconds since 1970, or -1 for never. */
  long expiry(String name) {
    return expiries.get(name);
  }

  void assertNothing() {
    assertThat(names()).isEmpty();
  }

  /** No conversation and no response is due, and nothing leads to one that is not there. */
  void assertNothingDue(Horizon horizon) {
    assertThat(dueOf(horizon)).isEmpty();
  }

  private List<String> dueOf(Horizon horizon) {
    List<String> wrong = new ArrayList<>();
    for (String name : names()) {
      RedisKeys.Parsed parsed = keys.parse(name).orElseThrow();
      String owner = name.replaceFirst(":(items|positions|feedback)$", "");
      Object value = values.get(name);
      if (!owner.equals(name)) {
        if (!values.containsKey(owner)) {
          wrong.add(name + " without its hash");
        }
        continue;
      }
      switch (parsed.noun()) {
        case "conversation", "response" -> {
          if (stored(name) < horizonOf(name, horizon)) {
            wrong.add(name + " is due");
          }
        }
        case "item" -> {
          for (String location : ((String) value).substring(2).split(" ")) {
            Key key =
                new Key(
                    parsed.tenant(),
                    NamePart.decoded(location.substring(location.indexOf(':') + 1)));
            if (!isThere(location.startsWith("conversation"), key)) {
              wrong.add(name + " leads to " + location);
            }
          }
        }
        case "pointer" -> {
          if (!values.containsKey(Pointer.parse((String) value).hash())) {
            wrong.add(name + " leads to " + value);
          }
        }
        case "feedback" -> {
          if (!values.containsKey(((String) value).substring(2))) {
            wrong.add(name + " leads to " + value);
          }
        }
        default -> {
          for (Object member : (List<?>) value) {
            String id = IndexEntry.parse((String) member).id();
            Key key = new Key(parsed.tenant(), id);
            boolean there =
                switch (parsed.noun()) {
                  case "conversations" -> isThere(true, key);
                  case "responses" -> isThere(false, key);
                  default -> values.containsKey(keys.feedback(key));
                };
            if (!there) {
              wrong.add(name + " has " + member);
            }
          }
        }
      }
    }
    return wrong;
  }

  private boolean isThere(boolean conversation, Key key) {
    if (conversation) {
      return values.containsKey(keys.conversation(key).hash());
    }
    String pointer = (String) values.get(keys.pointer(key));
    return pointer != null && values.containsKey(Pointer.parse(pointer).hash());
  }

  /** When what a key belongs to was stored, in microseconds since 1970. */
  private long stored(String hash) {
    Map<?, ?> fields = (Map<?, ?>) values.get(hash);
    return isResponse(hash)
        ? RecordEncoding.micros(
            RecordEncoding.response("t", (String) fields.get("description"), new byte[0])
                .recordedAt())
        : Long.parseLong((String) fields.get("updated_at"));
  }

  private static boolean isResponse(String hash) {
    return hash.contains(":response:");
  }

  private static long horizonOf(String hash, Horizon horizon) {
    return isResponse(hash) ? horizon.responses() : horizon.conversations();
  }

  /**
   * Every key and every member of an index expires when what it belongs to becomes due, and what
   * several share with the last of these.
   */
  void assertExpiries(RetentionRule rule) {
    List<String> wrong = new ArrayList<>();
    for (String name : names()) {
      RedisKeys.Parsed parsed = keys.parse(name).orElseThrow();
      String owner = name.replaceFirst(":(items|positions|feedback)$", "");
      Object value = values.get(name);
      switch (parsed.noun()) {
        case "conversation", "response" -> check(name, expiryOf(owner, rule), wrong);
        case "pointer" -> {
          Pointer pointer = Pointer.parse((String) value);
          check(name, expiryOf(pointer.hash(), rule), wrong);
          if (Long.parseLong(pointer.deadline()) != expiryOf(pointer.hash(), rule)) {
            wrong.add(name + " has the deadline " + pointer.deadline());
          }
        }
        case "feedback" -> check(name, expiryOf(((String) value).substring(2), rule), wrong);
        case "item" -> {
          long last = 0;
          for (String location : ((String) value).substring(2).split(" ")) {
            Key key =
                new Key(
                    parsed.tenant(),
                    NamePart.decoded(location.substring(location.indexOf(':') + 1)));
            long one = expiryOf(hash(location.startsWith("conversation"), key), rule);
            last = one == NEVER || last == NEVER ? NEVER : Math.max(last, one);
          }
          check(name, last, wrong);
        }
        default -> checkMembers(name, parsed, (List<?>) value, rule, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void checkMembers(
      String index,
      RedisKeys.Parsed parsed,
      List<?> members,
      RetentionRule rule,
      List<String> wrong) {
    for (Object member : members) {
      Key key = new Key(parsed.tenant(), IndexEntry.parse((String) member).id());
      boolean ofConversation = parsed.noun().equals("conversations");
      long expiry =
          parsed.noun().equals("feedbacks")
              ? expiryOf(((String) values.get(keys.feedback(key))).substring(2), rule)
              : expiryOf(hash(ofConversation, key), rule);
      if (ofConversation) {
        expiry = Long.parseLong(rule.conversations().withLag(Long.toString(expiry)));
      }
      if (Long.parseLong(IndexEntry.expiryOf((String) member)) != expiry) {
        wrong.add(index + " has " + member + " and not until " + expiry);
      }
      if (expiry == NEVER ? expiry(index) != NEVER : expiry(index) == NEVER) {
        wrong.add(index + " expires at " + expiry(index));
      }
    }
  }

  private void check(String name, long expected, List<String> wrong) {
    // Redis may take the time of a script from its beginning.
    if (expected == NEVER || expiry(name) == NEVER
        ? expected != expiry(name)
        : Math.abs(expected - expiry(name)) > 50) {
      wrong.add(name + " expires at " + expiry(name) + " and not at " + expected);
    }
  }

  private String hash(boolean conversation, Key key) {
    return conversation
        ? keys.conversation(key).hash()
        : Pointer.parse((String) values.get(keys.pointer(key))).hash();
  }

  private long expiryOf(String hash, RetentionRule rule) {
    RetentionPeriod period = isResponse(hash) ? rule.responses() : rule.conversations();
    return Long.parseLong(period.expiresAt(stored(hash)));
  }
}
