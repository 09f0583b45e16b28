package org.smg.history.storage.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.smg.history.model.Key;

/**
 * Every key's name. What lies between the braces decides the slot on a Cluster; tenants and ids are
 * encoded so that no two run together and no id can hold a brace.
 */
final class RedisKeys {

  private static final String PLAIN = "-._~";

  private final String prefix;

  RedisKeys(String prefix) {
    this.prefix = prefix;
  }

  /** Keys of one slot: description, items, positions by item id. */
  record ConversationKeys(String description, String items, String positions) {}

  /** Keys of one slot: description, input items, output items, feedback by id. */
  record ResponseKeys(String description, String input, String output, String feedback) {}

  /** Keys of one slot: members by their order, and by when they expire. */
  record ListKeys(String members, String expiry) {}

  ConversationKeys conversation(Key key) {
    String name = name("conversation", key.tenant(), encoded(key.id()));
    return new ConversationKeys(name, name + ":items", name + ":positions");
  }

  ResponseKeys response(Key key) {
    String name = name("response", key.tenant(), encoded(key.id()));
    return new ResponseKeys(name, name + ":input", name + ":output", name + ":feedback");
  }

  /** Notes in the conversation's slot that it has committed a turn whose response is pending. */
  String turn(Key conversation, Key response) {
    return conversation(conversation).description() + ":turn:" + encoded(response.id());
  }

  /** Who holds the content of an item. */
  String lookup(String tenant, String itemId) {
    return name("item", tenant, encoded(itemId));
  }

  /** Which response feedback is about. */
  String feedback(Key key) {
    return name("feedback", key.tenant(), encoded(key.id()));
  }

  ListKeys conversations(String tenant) {
    return list("conversations", tenant);
  }

  ListKeys responses(String tenant) {
    return list("responses", tenant);
  }

  ListKeys feedbacks(String tenant) {
    return list("feedbacks", tenant);
  }

  /** A key that never exists, to ask for. */
  String probe() {
    return prefix + ":probe";
  }

  private ListKeys list(String noun, String tenant) {
    String name = prefix + ":" + noun + ":{" + encoded(tenant) + "}";
    return new ListKeys(name, name + ":expiry");
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
