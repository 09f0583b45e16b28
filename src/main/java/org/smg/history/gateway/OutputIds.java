package org.smg.history.gateway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.smg.history.json.responses.ItemIds;
import org.smg.history.model.HistoryFailure;
import org.smg.history.rules.Ids;
import org.smg.history.rules.Limits;

/**
 * The ids of an answer's items. They stay the model server's, because some bind encrypted reasoning
 * to them; but one that is missing, that no URL can carry or that is taken is made anew. An item
 * has the same id wherever it comes, also where the model server names it otherwise later.
 */
final class OutputIds implements ItemIds {

  private record Known(Long index, String sent, String type, String id) {}

  private final Ids ids;
  private final Set<String> taken;
  private final List<Known> known = new ArrayList<>();

  /**
   * @param taken the ids of what the model was asked
   */
  OutputIds(Ids ids, Set<String> taken) {
    this.ids = ids;
    this.taken = new HashSet<>(taken);
  }

  @Override
  public String of(Long index, String sent, String type) {
    Optional<Known> here = at(index);
    Optional<Known> same = here.filter(item -> sent != null && sent.equals(item.sent()));
    Optional<Known> moved = here.isPresent() || index == null ? sentAs(sent) : Optional.empty();
    Optional<Known> renamed = here.filter(item -> item.type().equals(type));
    return same.or(() -> moved)
        .or(() -> renamed)
        .map(Known::id)
        .orElseGet(() -> add(index, sent, type));
  }

  private String add(Long index, String sent, String type) {
    boolean isUsable = sent != null && isId(sent) && !taken.contains(sent);
    String id = isUsable ? sent : ids.item(type);
    taken.add(id);
    known.add(new Known(index, sent, type, id));
    return id;
  }

  /**
   * Takes an id back, since somebody else has it now.
   *
   * @return whether it had been given
   */
  boolean giveUp(String id) {
    return known.removeIf(item -> item.id().equals(id));
  }

  @Override
  public String known(Long index, String sent) {
    return at(index).or(() -> sentAs(sent)).map(Known::id).orElse(sent);
  }

  private Optional<Known> at(Long index) {
    return known.stream().filter(item -> index != null && index.equals(item.index())).findFirst();
  }

  private Optional<Known> sentAs(String sent) {
    return known.stream().filter(item -> sent != null && sent.equals(item.sent())).findFirst();
  }

  private static boolean isId(String sent) {
    try {
      Limits.checkId("id", sent);
      return true;
    } catch (HistoryFailure.Invalid noUrlCanCarryIt) {
      return false;
    }
  }
}
