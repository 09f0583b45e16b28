package org.smg.history.storage.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.smg.history.model.Key;

/**
 * The names of all keys. The part between the braces decides the slot on a Cluster. Tenants and ids
 * are percent-encoded in it, so that different pairs never give the same name and no id can bring a
 * brace or colon of its own.
 */
final class RedisKeys {

  private static final String PLAIN = "-._~";

  private final String prefix;

  RedisKeys(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Keys of one slot: a hash of the conversation's fields, a list of items, a hash of positions.
   */
  record ConversationKeys(String hash, String items, String positions) {}

  /** Keys of one slot: a hash of the response's fields, two lists of items, a hash of feedback. */
  record ResponseKeys(String hash, String input, String output, String feedback) {}

  /** Keys of one slot: sorted sets of the members, by their order and by their expiry. */
  record IndexKeys(String members, String expiry) {}

  ConversationKeys conversation(Key key) {
    String name = name("conversation", key.tenant(), encoded(key.id()));
    return new ConversationKeys(name, name + ":items", name + ":positions");
  }

  ResponseKeys response(Key key) {
    String name = name("response", key.tenant(), encoded(key.id()));
    return new ResponseKeys(name, name + ":input", name + ":output", name + ":feedback");
  }

  /**
   * The marker in the conversation's slot: while it is there, the conversation has committed a turn
   * whose response is still pending.
   */
  String turnMarker(Key conversation, Key response) {
    return conversation(conversation).hash() + ":turn:" + encoded(response.id());
  }

  /** The conversations and responses that have an item's content. */
  String itemLocations(String tenant, String itemId) {
    return name("item", tenant, encoded(itemId));
  }

  /** The id of the response that feedback is about. */
  String feedback(Key key) {
    return name("feedback", key.tenant(), encoded(key.id()));
  }

  IndexKeys conversations(String tenant) {
    return index("conversations", tenant);
  }

  IndexKeys responses(String tenant) {
    return index("responses", tenant);
  }

  IndexKeys feedbacks(String tenant) {
    return index("feedbacks", tenant);
  }

  /** A key that never exists. */
  String probe() {
    return prefix + ":probe";
  }

  private IndexKeys index(String noun, String tenant) {
    String name = prefix + ":" + noun + ":{" + encoded(tenant) + "}";
    return new IndexKeys(name, name + ":expiry");
  }

  private String name(String noun, String tenant, String encodedId) {
    return prefix + ":" + noun + ":{" + encoded(tenant) + ":" + encodedId + "}";
  }

  static String encoded(String id) {
    if (id.chars().allMatch(RedisKeys::isPlain)) {
      return id;
    }
    StringBuilder encoded = new StringBuilder(id.length() + 16);
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append("%02X".formatted(b & 0xFF));
      }
    }
    return encoded.toString();
  }

  static String decoded(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  private static boolean isPlain(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || PLAIN.indexOf(c) >= 0;
  }
}
