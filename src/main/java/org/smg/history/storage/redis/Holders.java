package org.smg.history.storage.redis;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

/**
 * Finds the content behind an item id of a tenant. A lookup names who holds it, conversations and
 * responses, the first one first. It may name some that no longer do, or do not yet: only what is
 * found there counts.
 */
final class Holders {

  private static final char CONVERSATION = 'c';
  private static final char RESPONSE = 'r';

  private final Redis redis;
  private final RedisKeys keys;
  private final PendingTurns turns;

  Holders(Redis redis, RedisKeys keys, PendingTurns turns) {
    this.redis = redis;
    this.keys = keys;
    this.turns = turns;
  }

  static String conversation(Key key) {
    return CONVERSATION + RedisKeys.encoded(key.id());
  }

  static String response(Key key) {
    return RESPONSE + RedisKeys.encoded(key.id());
  }

  /**
   * @param holders as a lookup has them, with spaces between; may be null
   */
  Optional<Item> find(String tenant, String itemId, String holders) {
    if (holders == null || holders.isEmpty()) {
      return Optional.empty();
    }
    for (String holder : holders.split(" ")) {
      Key key = new Key(tenant, RedisKeys.decoded(holder.substring(1)));
      Optional<Item> found =
          holder.charAt(0) == CONVERSATION ? inConversation(key, itemId) : inResponse(key, itemId);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Item> inConversation(Key key, String itemId) {
    ConversationKeys names = keys.conversation(key);
    Reply reply =
        redis.reply(
            Call.of(Script.ITEM, names.description(), names.items(), names.positions())
                .with(itemId));
    return reply.has(1) ? Optional.of(Packed.item(reply.bytes(1))) : Optional.empty();
  }

  private Optional<Item> inResponse(Key key, String itemId) {
    if (!redis.oneNode() && !turns.isRecorded(key)) {
      return Optional.empty();
    }
    ResponseKeys names = keys.response(key);
    return List.of(names.input(), names.output()).stream()
        .map(list -> redis.reply(Call.of(Script.RANGE, list)))
        .flatMap(reply -> reply.values().stream())
        .map(entry -> Packed.item((byte[]) entry))
        .filter(item -> Objects.equals(item.id(), itemId))
        .findFirst();
  }
}
