package org.smg.history.rules;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.json.OutputItems;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.RunStore.PastTurn;
import org.smg.history.storage.Storage;

/**
 * What was said up to a response and by it, for one that follows it: of each response of its chain
 * the input and the output, oldest first. If the oldest one was made in a conversation, what stands
 * there before its own items comes first: what follows a response of a conversation goes on as the
 * conversation would have gone on then. Items that were posted while that response was made are
 * among them, as they are for the conversation's next turn; what has been removed since is not.
 */
@Dependent
public final class ResponseContext {

  private static final int MEMBERS_PER_READ = 100;

  private final RunStore runs;
  private final ConversationStore conversations;

  @Inject
  public ResponseContext(Storage storage) {
    this.runs = storage.runs();
    this.conversations = storage.conversations();
  }

  /**
   * @param mostBytes how long the JSON of all items may be together
   * @throws HistoryFailure.Invalid if a response of the chain is missing or has not been answered,
   *     or the conversation of the oldest one is not there: what was said is never shortened
   * @throws HistoryFailure.ContextTooLong if there is more than may be sent
   */
  List<Item> upTo(Caller caller, String responseId, long mostBytes) {
    List<List<Item>> newestFirst = new ArrayList<>();
    Budget budget = new Budget(mostBytes);
    Set<String> seen = new HashSet<>();
    String next = responseId;
    while (next != null) {
      Page<PastTurn> part = read(caller, next);
      List<PastTurn> turns = part.data();
      for (int i = turns.size() - 1; i >= 0; i--) {
        newestFirst.add(budget.spend(said(turns.get(i), seen)));
      }
      PastTurn oldest = turns.get(0);
      next = oldest.response().previousResponseId();
      if (next != null && !part.hasMore()) {
        throw missing(next);
      }
      if (next == null && oldest.response().conversationId() != null) {
        newestFirst.add(before(caller, oldest, budget));
      }
    }
    Collections.reverse(newestFirst);
    return newestFirst.stream().flatMap(List::stream).toList();
  }

  private Page<PastTurn> read(Caller caller, String responseId) {
    try {
      return runs.chain(caller.scope(), responseId, MEMBERS_PER_READ);
    } catch (HistoryFailure.NotFound notStored) {
      throw missing(responseId);
    }
  }

  private static List<Item> said(PastTurn turn, Set<String> seen) {
    StoredResponse response = turn.response();
    String id = response.key().id();
    if (!response.status().appends()) {
      throw missing(id);
    }
    if (!seen.add(id)) {
      throw new HistoryFailure.ChainCycle(id);
    }
    List<Item> said = new ArrayList<>(turn.input());
    said.addAll(AnsweredItems.followed(response.status(), OutputItems.of(response.json())));
    return said;
  }

  private List<Item> before(Caller caller, PastTurn turn, Budget budget) {
    List<String> input = ItemIds.of(turn.input());
    Set<String> output = new HashSet<>();
    OutputItems.of(turn.response().json()).forEach(answered -> output.add(answered.item().id()));
    List<Item> before = new ArrayList<>();
    String after = null;
    boolean hasMore = true;
    while (hasMore) {
      Page<Item> page = page(caller, turn.response(), after);
      for (Item item : page.data()) {
        if (output.contains(item.id())) {
          return withoutEnd(before, input);
        }
        if (!input.contains(item.id())) {
          budget.spend(List.of(item));
        }
        before.add(item);
        after = item.id();
      }
      hasMore = page.hasMore();
    }
    if (!output.isEmpty()) {
      throw missing(turn.response().key().id());
    }
    return withoutEnd(before, input);
  }

  private Page<Item> page(Caller caller, StoredResponse response, String after) {
    try {
      return conversations.items(
          caller.scope(),
          response.conversationId(),
          new PageRequest(Limits.PAGE_SIZE, Order.ASC, after));
    } catch (HistoryFailure.NotFound deleted) {
      throw missing(response.key().id());
    }
  }

  /** The input stands at the end, but for what it refers to. */
  private static List<Item> withoutEnd(List<Item> items, List<String> input) {
    int end = items.size();
    for (int i = input.size() - 1; i >= 0; i--) {
      if (end > 0 && items.get(end - 1).id().equals(input.get(i))) {
        end--;
      }
    }
    return items.subList(0, end);
  }

  private static HistoryFailure.Invalid missing(String responseId) {
    return new HistoryFailure.Invalid(
        "previous_response_id",
        "previous_response_not_found",
        "Previous response with id '%s' not found.".formatted(responseId));
  }

  /** How many bytes are left. */
  private static final class Budget {

    private final long most;
    private long left;

    Budget(long most) {
      this.most = most;
      this.left = most;
    }

    List<Item> spend(List<Item> items) {
      items.forEach(item -> left -= item.json().length());
      if (left < 0) {
        throw new HistoryFailure.ContextTooLong(most);
      }
      return items;
    }
  }
}
