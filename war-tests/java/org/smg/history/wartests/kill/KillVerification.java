package org.smg.history.wartests.kill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smg.history.wartests.kill.StoredHistory.Item;
import org.smg.history.wartests.kill.StoredHistory.Response;

/** Holds what is stored against what callers were told. */
final class KillVerification {

  private static final Pattern ANSWER =
      Pattern.compile("(\\S+) after (\\d+) items( word\\d+)* end");

  private final StoredHistory stored;
  private final List<Acknowledged> acknowledged;
  private final List<String> faults = new ArrayList<>();

  /** The ids of a turn's output, by the turn's name. */
  private final Map<String, List<String>> turns = new HashMap<>();

  private KillVerification(StoredHistory stored, List<Acknowledged> acknowledged) {
    this.stored = stored;
    this.acknowledged = acknowledged;
  }

  /** A line for each fault; none if everything is as it has to be. */
  static List<String> faults(StoredHistory stored, List<Acknowledged> acknowledged) {
    KillVerification verification = new KillVerification(stored, acknowledged);
    stored.items().forEach(verification::readTurns);
    verification.checkResponses();
    verification.checkAcknowledged();
    return verification.faults;
  }

  private void readTurns(String conversation, List<Item> items) {
    for (int from = 0; from < items.size(); from += Turn.ITEMS) {
      List<Item> turn = items.subList(from, Math.min(from + Turn.ITEMS, items.size()));
      if (!isWhole(turn, from)) {
        faults.add(
            "torn: %s has at %d %s"
                .formatted(conversation, from, turn.stream().map(Item::text).toList()));
        return;
      }
      String name = turn.get(2).text();
      List<String> output = turn.subList(2, Turn.ITEMS).stream().map(Item::id).toList();
      if (turns.put(name, output) != null) {
        faults.add("twice: the turn " + name);
      }
    }
  }

  /** The model was given all items before the turn, and the turn's two. */
  private static boolean isWhole(List<Item> turn, int before) {
    if (turn.size() < Turn.ITEMS) {
      return false;
    }
    String name = turn.get(2).text();
    Matcher answer = ANSWER.matcher(turn.get(3).text());
    return turn.get(0).text().equals(name + " asks")
        && turn.get(1).text().equals(name + " asks on")
        && answer.matches()
        && answer.group(1).equals(name)
        && Integer.parseInt(answer.group(2)) == before + 2;
  }

  private void checkResponses() {
    Set<List<String>> appended = new HashSet<>(turns.values());
    Set<List<String>> completed = new HashSet<>();
    for (Response response : stored.responses()) {
      switch (response.status()) {
        case "completed" -> {
          completed.add(response.outputIds());
          if (!appended.contains(response.outputIds())) {
            faults.add("torn: the items of %s are not appended".formatted(response.id()));
          }
        }
        case "failed" -> {
          if (appended.stream()
              .anyMatch(ids -> ids.stream().anyMatch(response.outputIds()::contains))) {
            faults.add("torn: items of the failed %s are appended".formatted(response.id()));
          }
        }
        default ->
            faults.add("without an end: %s is %s".formatted(response.id(), response.status()));
      }
    }
    turns.forEach(
        (name, ids) -> {
          if (!completed.contains(ids)) {
            faults.add("torn: the turn %s has no response".formatted(name));
          }
        });
  }

  private void checkAcknowledged() {
    Map<String, Response> byId = new HashMap<>();
    stored.responses().forEach(response -> byId.put(response.id(), response));
    for (Acknowledged told : acknowledged) {
      Response response = byId.get(told.responseId());
      if (!told.outputIds().equals(turns.get(told.turn().name()))) {
        faults.add("lost: the items of the turn " + told.turn().name());
      }
      if (response == null
          || !response.status().equals("completed")
          || !response.outputIds().equals(told.outputIds())) {
        faults.add(
            "lost: the response %s of the turn %s"
                .formatted(told.responseId(), told.turn().name()));
      }
    }
  }
}
