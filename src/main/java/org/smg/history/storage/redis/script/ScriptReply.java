package org.smg.history.storage.redis.script;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.storage.redis.layout.ItemEncoding;

/** The list that a script answered. Most begin with a status, such as {@code ok}. */
public record ScriptReply(List<?> values) {

  public static ScriptReply of(Object reply) {
    return new ScriptReply((List<?>) reply);
  }

  /** A reply of a status and of texts. */
  public static ScriptReply ofStatus(String status, String... texts) {
    return new ScriptReply(
        Stream.concat(Stream.of(status), Arrays.stream(texts)).map(ScriptCall::bytes).toList());
  }

  public String status() {
    return text(0);
  }

  public boolean is(String status) {
    return status.equals(status());
  }

  public boolean has(int index) {
    return values.size() > index && values.get(index) != null;
  }

  public byte[] bytes(int index) {
    return (byte[]) values.get(index);
  }

  public String text(int index) {
    return text(values.get(index));
  }

  public long number(int index) {
    return (Long) values.get(index);
  }

  public ScriptReply list(int index) {
    return of(values.get(index));
  }

  /**
   * The items behind the status, as a page.
   *
   * @throws HistoryFailure.NotFound if the cursor is not among them
   */
  public Page<Item> itemPage(PageRequest page) {
    if (is("unknown_cursor")) {
      throw HistoryFailure.NotFound.cursor("item", page.after());
    }
    return Page.ofFetched(
        values.stream().skip(1).map(entry -> ItemEncoding.decode((byte[]) entry)).toList(),
        page.limit());
  }

  /** All values as items. */
  public List<Item> items() {
    return values.stream().map(entry -> ItemEncoding.decode((byte[]) entry)).toList();
  }

  /** All values as texts. */
  public List<String> texts() {
    return values.stream().map(ScriptReply::text).toList();
  }

  public static String text(Object value) {
    return value == null ? null : new String((byte[]) value, StandardCharsets.UTF_8);
  }
}
