package org.smg.history.storage.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.layout.ItemEncoding;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.NamePart;
import org.smg.history.storage.redis.layout.RecordText;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Finds the content that is stored under an item's id. Each id has a key with its locations, the
 * conversations and responses that have such an item, oldest first. A location is only a hint: a
 * writer adds it before the item is there, and it may stay after the item is gone.
 */
final class ItemLocator {

  private static final String CONVERSATION = "conversation:";
  private static final String RESPONSE = "response:";

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final ResponseReader responses;
  private final RetentionRule retention;

  ItemLocator(
      ScriptRunner scripts, RedisKeys keys, ResponseReader responses, RetentionRule retention) {
    this.scripts = scripts;
    this.keys = keys;
    this.responses = responses;
    this.retention = retention;
  }

  /** A conversation as a location. */
  static String inConversation(Key conversation) {
    return CONVERSATION + NamePart.encoded(conversation.id());
  }

  static boolean isConversation(String location) {
    return location.startsWith(CONVERSATION);
  }

  /** A response as a location. */
  static String inResponse(Key response) {
    return RESPONSE + NamePart.encoded(response.id());
  }

  /**
   * Finds the content behind each id: that at the first location which has the item and is in
   * scope.
   *
   * @return by id; nothing for an id without content in scope
   */
  Map<String, Item> find(Scope scope, List<String> itemIds) {
    List<Object> locations =
        scripts.runEach(itemIds.stream().map(id -> readLocations(scope, id)).toList());
    Map<String, Item> found = new HashMap<>();
    for (int i = 0; i < itemIds.size(); i++) {
      String id = itemIds.get(i);
      find(scope, id, ScriptReply.text(locations.get(i))).ifPresent(item -> found.put(id, item));
    }
    return found;
  }

  private ScriptCall readLocations(Scope scope, String itemId) {
    return ScriptCall.command("GET", keys.itemLocations(scope.tenant(), itemId));
  }

  private Optional<Item> find(Scope scope, String itemId, String locations) {
    if (locations == null) {
      return Optional.empty();
    }
    List<String> words = List.of(locations.split(" "));
    Layout.check(words.get(0));
    return words.stream()
        .skip(1)
        .map(location -> findAt(scope, location, itemId))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Item> findAt(Scope scope, String location, String itemId) {
    Key key = scope.key(NamePart.decoded(location.substring(location.indexOf(':') + 1)));
    return isConversation(location)
        ? findInConversation(scope, key, itemId)
        : findInResponse(scope, key, itemId);
  }

  private Optional<Item> findInConversation(Scope scope, Key conversation, String itemId) {
    ConversationKeys names = keys.conversation(conversation);
    return read(
        ScriptCall.of(Script.ITEM_READ, names.hash(), names.items(), names.positions())
            .scope(scope, retention.horizon().conversations())
            .with(itemId));
  }

  private Optional<Item> findInResponse(Scope scope, Key response, String itemId) {
    return responses
        .pointer(response)
        .map(pointer -> ResponseKeys.of(pointer.hash()))
        .flatMap(
            names ->
                read(
                    ScriptCall.of(Script.RESPONSE_ITEM_READ, names.hash(), names.items())
                        .scope(scope, retention.horizon().responses())
                        .with(RecordText.word(itemId))));
  }

  private Optional<Item> read(ScriptCall call) {
    ScriptReply reply = scripts.reply(call);
    return reply.has(1) ? Optional.of(ItemEncoding.decode(reply.bytes(1))) : Optional.empty();
  }
}
