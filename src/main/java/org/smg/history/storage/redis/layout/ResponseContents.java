package org.smg.history.storage.redis.layout;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.model.Item;
import org.smg.history.model.Turn;

/**
 * Where a response has its items. Its list has the input, and of the output what the JSON does not
 * have byte for byte; nearly always it has all of it.
 *
 * @param inJson the ids of the items that the list does not have
 * @param lines a line for each item: its id as a word, in the order of the list; then for each item
 *     of the JSON its id, the places of its first and last byte, counted from 1, and its type
 */
public record ResponseContents(Set<String> inJson, String lines) {

  public static ResponseContents of(Turn turn, List<Item> items) {
    byte[] json = turn.response().json().toUtf8();
    StringBuilder listed = new StringBuilder();
    StringBuilder inside = new StringBuilder();
    Set<String> inJson = new HashSet<>();
    int inputs = turn.input().size();
    items.subList(0, inputs).forEach(item -> append(listed, item));
    int from = 0;
    for (Item item : items.subList(inputs, items.size())) {
      byte[] text = item.json().toUtf8();
      int at = find(json, text, from);
      if (at < 0) {
        append(listed, item);
        continue;
      }
      from = at + text.length;
      inJson.add(item.id());
      inside.append(RecordText.word(item.id())).append(' ').append(at + 1).append(' ').append(from);
      inside.append(' ').append(RecordText.word(item.type())).append('\n');
    }
    return new ResponseContents(inJson, listed.append(inside).toString());
  }

  private static void append(StringBuilder lines, Item item) {
    lines.append(RecordText.word(item.id())).append('\n');
  }

  /** The ids of all items. */
  public static List<String> ids(String lines) {
    return Arrays.stream(lines.split("\n"))
        .filter(line -> !line.isEmpty())
        .map(line -> RecordText.unescape(line.split(" ")[0]))
        .toList();
  }

  private static int find(byte[] json, byte[] text, int from) {
    for (int at = from; at <= json.length - text.length; at++) {
      if (json[at] == text[0] && Arrays.equals(json, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return -1;
  }
}
