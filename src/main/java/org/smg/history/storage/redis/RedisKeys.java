package org.smg.history.storage.redis;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smg.history.model.Key;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.NamePart;

/**
 * The names of all keys. The part between the braces decides the slot on a Cluster. Tenants and ids
 * are percent-encoded in it, so that different pairs never give the same name and no id can bring a
 * brace or colon of its own.
 */
final class RedisKeys {

  private static final Pattern NAME =
      Pattern.compile(":(?<noun>[a-z]+):\\{(?<tenant>[^:{}]*)(:(?<id>[^:{}]*))?\\}(?<rest>.*)");

  private final String prefix;

  RedisKeys(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Keys of one slot: a hash of the conversation's fields, a list of items, a hash of positions.
   */
  record ConversationKeys(String hash, String items, String positions) {}

  /**
   * Keys of one slot: a hash of the response's fields, a list of items, a hash of feedback, a
   * sorted set of voided tokens.
   */
  record ResponseKeys(String hash, String items, String feedback, String voided) {

    /** The keys beside a hash to which a pointer leads. */
    static ResponseKeys of(String hash) {
      return new ResponseKeys(hash, hash + ":items", hash + ":feedback", hash + ":voided");
    }

    /** The hash of the conversation in whose slot it is, or its own where there is none. */
    String conversation() {
      int end = hash.indexOf("}:response:");
      return end < 0 ? hash : hash.substring(0, end + 1);
    }
  }

  ConversationKeys conversation(Key key) {
    String name = name("conversation", key);
    return new ConversationKeys(name, name + ":items", name + ":positions");
  }

  /**
   * The keys of a response, in the slot of its conversation.
   *
   * @param conversation null for a response without one, which is in a slot of its own
   */
  ResponseKeys response(Key conversation, Key response) {
    return ResponseKeys.of(
        conversation == null
            ? name("response", response)
            : name("conversation", conversation) + ":response:" + NamePart.encoded(response.id()));
  }

  /** What leads to a response, see {@link Pointer}. */
  String pointer(Key response) {
    return name("pointer", response);
  }

  /** The conversations and responses that have an item's content. */
  String itemLocations(String tenant, String itemId) {
    return name("item", new Key(tenant, itemId));
  }

  /** What leads to the record of an idempotency key, see {@link RedisIdempotency}. */
  String idempotency(String tenant, String keyHash) {
    return name("idempotency", new Key(tenant, keyHash));
  }

  /** The hash of the response that feedback is about. */
  String feedback(Key key) {
    return name("feedback", key);
  }

  String conversations(String tenant) {
    return index("conversations", tenant);
  }

  String responses(String tenant) {
    return index("responses", tenant);
  }

  String feedbacks(String tenant) {
    return index("feedbacks", tenant);
  }

  /** A hash with the tenant's sums of stored bytes. */
  String storedBytes(String tenant) {
    return index("bytes", tenant);
  }

  /** The servers that make runs, by the ends of their leases, see {@link RunLeases}. */
  String servers() {
    return prefix + ":runs:{leases}";
  }

  /** What leads to the runs of one server; the scripts make this name, too. */
  String runs(String server) {
    return servers() + ":" + server;
  }

  /** A key that never exists. */
  String probe() {
    return prefix + ":probe";
  }

  /** Which server walks over all keys, see {@link RetentionWalk}. */
  String walkLease() {
    return prefix + ":retention:lease";
  }

  /** How far the walk over all keys is, see {@link RetentionWalk}. */
  String walk() {
    return prefix + ":retention:walk";
  }

  /** How far the walk over the keys of one tenant is. */
  String walk(String tenant) {
    return prefix + ":retention:walk:{" + NamePart.encoded(tenant) + "}";
  }

  /** What the names of keys begin with that never exist, see {@link RetentionWalk}. */
  String scan() {
    return prefix + ":scan";
  }

  /** What the names of all keys match. */
  String pattern() {
    return prefix + ":*";
  }

  /** What the names of a tenant's keys match. */
  String pattern(String tenant) {
    return prefix + ":*{" + NamePart.encoded(tenant) + "[:}]*";
  }

  /**
   * A name in its parts.
   *
   * @param noun what it is, such as {@code conversation}
   * @param id decoded; empty where there is none
   * @param rest what follows behind the slot
   */
  record Parsed(String name, String noun, String tenant, String id, String rest) {}

  /** The parts of a name; empty if it is not one of these. */
  Optional<Parsed> parse(String name) {
    Matcher parts = NAME.matcher(name.substring(Math.min(name.length(), prefix.length())));
    return name.startsWith(prefix) && parts.matches()
        ? Optional.of(
            new Parsed(
                name,
                parts.group("noun"),
                NamePart.decoded(parts.group("tenant")),
                parts.group("id") == null ? "" : NamePart.decoded(parts.group("id")),
                parts.group("rest")))
        : Optional.empty();
  }

  private String index(String noun, String tenant) {
    return prefix + ":" + noun + ":{" + NamePart.encoded(tenant) + "}:" + Layout.VERSION;
  }

  private String name(String noun, Key key) {
    return prefix
        + ":"
        + noun
        + ":{"
        + NamePart.encoded(key.tenant())
        + ":"
        + NamePart.encoded(key.id())
        + "}";
  }
}
