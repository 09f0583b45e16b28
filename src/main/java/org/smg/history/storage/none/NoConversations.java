package org.smg.history.storage.none;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.storage.ConversationStore;

final class NoConversations implements ConversationStore {

  @Override
  public void create(Conversation conversation, List<ItemInput> items) {
    accept(items);
  }

  @Override
  public Optional<Conversation> find(Key conversation) {
    return Optional.empty();
  }

  @Override
  public Optional<Conversation> replaceMetadata(Key conversation, Metadata metadata, Instant at) {
    return Optional.of(new Conversation(conversation, null, at, at, metadata));
  }

  @Override
  public boolean delete(Key conversation) {
    return true;
  }

  @Override
  public List<Item> append(Key conversation, List<ItemInput> items, Instant at) {
    return accept(items);
  }

  @Override
  public Optional<Item> item(Key conversation, String itemId) {
    return Optional.empty();
  }

  @Override
  public Page<Item> items(Key conversation, PageRequest page) {
    return Page.empty();
  }

  @Override
  public Page<Conversation> list(ConversationFilter filter, PageRequest page) {
    return Page.empty();
  }

  @Override
  public Optional<Conversation> removeItem(Key conversation, String itemId, Instant at) {
    return replaceMetadata(conversation, Metadata.NONE, at);
  }

  /** Refuses what even an empty history must refuse: a reference, and the same id twice. */
  private static List<Item> accept(List<ItemInput> inputs) {
    List<Item> accepted = new ArrayList<>(inputs.size());
    Set<String> ids = new HashSet<>();
    for (ItemInput input : inputs) {
      if (!(input instanceof Item item)) {
        throw new HistoryFailure.UnknownReference(input.id());
      }
      if (!ids.add(item.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
      accepted.add(item);
    }
    return accepted;
  }
}
