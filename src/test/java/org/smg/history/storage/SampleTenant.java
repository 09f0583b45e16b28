package org.smg.history.storage;

import static org.smg.history.storage.Samples.scopeOf;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;

/**
 * A tenant that nobody used before, so that tests can share one server and still choose ids that
 * are easy to read. Everybody uses the same ids: a backend that forgets the tenant fails at once.
 */
public record SampleTenant(Storage storage, String name) {

  public static SampleTenant fresh(Storage storage) {
    return new SampleTenant(storage, "tenant-" + UUID.randomUUID());
  }

  /** All of this tenant. */
  public Scope scope() {
    return Scope.ofTenant(name);
  }

  public Key key(String id) {
    return new Key(name, id);
  }

  /** Creates a conversation with these items. */
  public Key conversation(String id, ItemInput... items) {
    Key key = key(id);
    storage
        .conversations()
        .create(
            scopeOf(Samples.conversation(key).key()),
            Samples.conversation(key),
            Arrays.asList(items));
    return key;
  }

  public List<Item> append(Key conversation, ItemInput... items) {
    return storage
        .conversations()
        .append(scopeOf(conversation), conversation.id(), Arrays.asList(items), Samples.at(1));
  }

  /** All items of a conversation, oldest first, read in pages. */
  public List<Item> items(Key conversation) {
    return itemsOf(conversation).walk(Order.ASC, 100);
  }

  public Paging<Item> itemsOf(Key conversation) {
    return Paging.of(
        page -> storage.conversations().items(scopeOf(conversation), conversation.id(), page),
        Item::id);
  }

  public Paging<Item> inputOf(String responseId) {
    return Paging.of(
        page ->
            storage.responses().inputItems(scopeOf(key(responseId)), key(responseId).id(), page),
        Item::id);
  }

  public List<String> itemIds(Key conversation) {
    return items(conversation).stream().map(Item::id).toList();
  }

  public TurnBuilder turn(String responseId) {
    return new TurnBuilder(key(responseId));
  }

  public StoredResponse record(TurnBuilder turn) {
    return storage.responses().record(scopeOf(turn.build().response().key()), turn.build());
  }

  /** What was sent to the model, in order. */
  public List<Item> input(String responseId) {
    return inputOf(responseId).walk(Order.ASC, 100);
  }

  public Feedback feedback(String id, String responseId) {
    return storage
        .feedback()
        .add(
            scopeOf(Samples.feedback(key(id), responseId).key()),
            Samples.feedback(key(id), responseId));
  }

  /** Whether an item of this id is stored anywhere, so that a reference finds it. */
  public boolean canLink(String itemId) {
    Key probe = key("probe-" + UUID.randomUUID());
    storage
        .conversations()
        .create(scopeOf(Samples.conversation(probe).key()), Samples.conversation(probe), List.of());
    try {
      append(probe, new ItemReference(itemId));
      return true;
    } catch (HistoryFailure.UnknownReference unknown) {
      return false;
    } finally {
      storage.conversations().delete(scopeOf(probe), probe.id());
    }
  }
}
