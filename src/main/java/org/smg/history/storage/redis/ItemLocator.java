package org.smg.history.storage.redis;

import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

/**
 * Finds the content that is stored under an item's id. Each id has a key with its locations, the
 * conversations and responses that have such an item, oldest first. A location is only a hint: a
 * writer adds it before the item is there, and it may stay after the item is gone.
 */
final class ItemLocator {

  private static final char CONVERSATION = 'c';
  private static final char RESPONSE = 'r';

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final PendingTurns turns;

  ItemLocator(ScriptRunner scripts, RedisKeys keys, PendingTurns turns) {
    this.scripts = scripts;
    this.keys = keys;
    this.turns = turns;
  }

  /** A conversation as a location. */
  static String inConversation(Key conversation) {
    return CONVERSATION + RedisKeys.encoded(conversation.id());
  }

  /** A response as a location. */
  static String inResponse(Key response) {
    return RESPONSE + RedisKeys.encoded(response.id());
  }

  /**
   * @param locations as the id's key holds them, separated by spaces; may be null or empty
   * @return the content at the first location that has the item and is in scope
   */
  Optional<Item> find(Scope scope, String itemId, String locations) {
    if (locations == null || locations.isEmpty()) {
      return Optional.empty();
    }
    for (String location : locations.split(" ")) {
      Key key = scope.key(RedisKeys.decoded(location.substring(1)));
      Optional<Item> found =
          location.charAt(0) == CONVERSATION
              ? findInConversation(scope, key, itemId)
              : findInResponse(scope, key, itemId);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Item> findInConversation(Scope scope, Key conversation, String itemId) {
    ConversationKeys names = keys.conversation(conversation);
    return find(
        ScriptCall.of(Script.ITEM_READ, names.hash(), names.items(), names.positions()),
        scope,
        itemId);
  }

  private Optional<Item> findInResponse(Scope scope, Key response, String itemId) {
    if (!scripts.oneServer() && !turns.isRecorded(response)) {
      return Optional.empty();
    }
    ResponseKeys names = keys.response(response);
    return find(
        ScriptCall.of(Script.RESPONSE_ITEM_READ, names.hash(), names.input(), names.output()),
        scope,
        itemId);
  }

  private Optional<Item> find(ScriptCall call, Scope scope, String itemId) {
    ScriptReply reply = scripts.reply(call.with(RecordEncoding.scope(scope)).with(itemId));
    return reply.has(1) ? Optional.of(ItemEncoding.decode(reply.bytes(1))) : Optional.empty();
  }
}
