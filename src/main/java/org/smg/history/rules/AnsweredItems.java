package org.smg.history.rules;

import java.util.LinkedList;
import java.util.List;
import org.smg.history.json.OutputItems.Answered;
import org.smg.history.model.Item;
import org.smg.history.model.ResponseStatus;

/**
 * The items of an answer that a conversation, or a chain, goes on with. Of an answer that is
 * incomplete these are not the calls of tools that are not finished, which nobody can answer; and
 * not the reasoning that led to such a call or to nothing, since model servers refuse reasoning
 * without what follows from it.
 */
final class AnsweredItems {

  private static final String CALL = "_call";
  private static final String REASONING = "reasoning";
  private static final String COMPLETED = "completed";

  private AnsweredItems() {}

  static List<Item> followed(ResponseStatus status, List<Answered> answered) {
    if (status != ResponseStatus.INCOMPLETE) {
      return answered.stream().map(Answered::item).toList();
    }
    LinkedList<Item> followed = new LinkedList<>();
    boolean leadsOn = false;
    for (int i = answered.size() - 1; i >= 0; i--) {
      Answered next = answered.get(i);
      boolean isKept = next.item().type().equals(REASONING) ? leadsOn : !isUnfinishedCall(next);
      if (isKept) {
        followed.addFirst(next.item());
      }
      leadsOn = isKept;
    }
    return followed;
  }

  private static boolean isUnfinishedCall(Answered answered) {
    return answered.item().type().endsWith(CALL) && !COMPLETED.equals(answered.status());
  }
}
