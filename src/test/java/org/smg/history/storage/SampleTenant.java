package org.smg.history.storage;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;

/**
 * A tenant that nobody used before, so that tests can share one server and still choose ids that
 * are easy to read. Everybody uses the same ids: a backend that forgets the tenant fails at once.
 *
 * @param user who acts, and may see what the same user made alone; null for somebody who may see
 *     all of the tenant
 */
public record SampleTenant(Storage storage, String name, String user) {

  public SampleTenant(Storage storage, String name) {
    this(storage, name, null);
  }

  public static SampleTenant fresh(Storage storage) {
    return new SampleTenant(storage, "tenant-" + UUID.randomUUID());
  }

  /** The same tenant, where a user acts who may see what the same user made alone. */
  public SampleTenant as(String otherUser) {
    return new SampleTenant(storage, name, otherUser);
  }

  public Scope scope() {
    return new Scope(name, user);
  }

  /** The owner of what is made here. */
  public String owner() {
    return user == null ? Samples.OWNER : user;
  }

  public Key key(String id) {
    return new Key(name, id);
  }

  /** Creates a conversation with these items. */
  public Key conversation(String id, ItemInput... items) {
    Key key = key(id);
    storage
        .conversations()
        .create(scope(), Samples.conversation(key, owner()), Arrays.asList(items));
    return key;
  }

  public List<Item> append(Key conversation, ItemInput... items) {
    return storage
        .conversations()
        .append(scope(), conversation.id(), Arrays.asList(items), Samples.at(1));
  }

  /** All items of a conversation, oldest first, read in pages. */
  public List<Item> items(Key conversation) {
    return itemsOf(conversation).walk(Order.ASC, 100);
  }

  public Paging<Item> itemsOf(Key conversation) {
    return Paging.of(
        page -> storage.conversations().items(scope(), conversation.id(), page), Item::id);
  }

  public Paging<Item> inputOf(String responseId) {
    return Paging.of(page -> storage.responses().inputItems(scope(), responseId, page), Item::id);
  }

  public List<String> itemIds(Key conversation) {
    return items(conversation).stream().map(Item::id).toList();
  }

  public TurnBuilder turn(String responseId) {
    return new TurnBuilder(key(responseId), owner());
  }

  public StoredResponse record(TurnBuilder turn) {
    return storage.responses().record(scope(), turn.build());
  }

  /** What was sent to the model, in order. */
  public List<Item> input(String responseId) {
    return inputOf(responseId).walk(Order.ASC, 100);
  }

  public Feedback feedback(String id, String responseId) {
    return storage.feedback().add(scope(), Samples.feedback(key(id), owner(), responseId));
  }

  /** Whether an item of this id is stored anywhere, so that a reference finds it. */
  public boolean canLink(String itemId) {
    return canLink(itemId, 1);
  }

  /** The same at a time in microseconds. */
  public boolean canLink(String itemId, long micros) {
    Key probe = key("probe-" + UUID.randomUUID());
    Instant at = Samples.at(micros);
    storage
        .conversations()
        .create(scope(), new Conversation(probe, owner(), at, at, Metadata.NONE), List.of());
    try {
      storage.conversations().append(scope(), probe.id(), List.of(new ItemReference(itemId)), at);
      return true;
    } catch (HistoryFailure.UnknownReference unknown) {
      return false;
    } finally {
      storage.conversations().delete(scope(), probe.id());
    }
  }
}
