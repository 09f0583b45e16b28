package org.smg.history.storage.redis.layout;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

/**
 * Items as entries of a list: the version of this layout, the id and the type as words, and the
 * JSON, with a space behind each of the words.
 */
public final class ItemEncoding {

  private ItemEncoding() {}

  public static byte[] encode(Item item) {
    String words =
        String.join(
            " ", Layout.VERSION, RecordText.word(item.id()), RecordText.word(item.type()), "");
    byte[] head = words.getBytes(StandardCharsets.UTF_8);
    byte[] json = item.json().toUtf8();
    byte[] entry = Arrays.copyOf(head, head.length + json.length);
    System.arraycopy(json, 0, entry, head.length, json.length);
    return entry;
  }

  public static Item decode(byte[] entry) {
    int id = nextWord(entry, 0);
    int type = nextWord(entry, id);
    int json = nextWord(entry, type);
    Layout.check(text(entry, 0, id));
    return new Item(
        RecordText.unescape(text(entry, id, type)),
        RecordText.unescape(text(entry, type, json)),
        JsonText.ofUtf8(Arrays.copyOfRange(entry, json, entry.length)));
  }

  private static int nextWord(byte[] entry, int from) {
    int at = from;
    while (entry[at] != ' ') {
      at++;
    }
    return at + 1;
  }

  /** The word from one offset to the space before another. */
  private static String text(byte[] entry, int from, int next) {
    return new String(entry, from, next - 1 - from, StandardCharsets.UTF_8);
  }
}
