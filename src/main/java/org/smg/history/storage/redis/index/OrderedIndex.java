package org.smg.history.storage.redis.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * All conversations, responses or feedback of a tenant in order of creation. It is one sorted set,
 * in which several lists follow each other: {@code all}, and one for each owner, conversation,
 * user, and so on. A member has the name of its list, the order, the id as a word, and when it
 * expires, with a space between them.
 *
 * <p>A member may name something that was deleted or never stored completely. Readers skip such
 * members and read on, so that a page is full and says exactly whether more follows.
 */
public final class OrderedIndex {

  /** How many members a filter may look at; what is due or not there does not count. */
  public static final int MOST_SCANNED = 10_000;

  /** How many members are read for one page at most, with those that do not count. */
  private static final int MOST_READ = 10 * MOST_SCANNED;

  /** How many members are read at once after the first page, where a filter rejected some. */
  private static final int CHUNK = 500;

  private final ScriptRunner scripts;
  private final String key;

  public OrderedIndex(ScriptRunner scripts, String key) {
    this.scripts = scripts;
    this.key = key;
  }

  /**
   * Adds an entry.
   *
   * @param entryUntil when the entry expires, which may be later than the index
   */
  public ScriptCall add(IndexEntry entry, String expiresAt, String entryUntil) {
    return ScriptCall.of(Script.INDEX_WRITE, key)
        .with("add", expiresAt, entry.listNames(), entry.until(entryUntil), "");
  }

  /** Puts off the expiry of an entry; one that is not in the index is not added. */
  public ScriptCall renew(IndexEntry entry, String expiresAt, String entryUntil) {
    return ScriptCall.of(Script.INDEX_WRITE, key)
        .with("renew", expiresAt, entry.listNames(), entry.until(entryUntil), entry.knownBy());
  }

  /** Gives an entry this expiry and no other; adds it, if it is not in the index. */
  public ScriptCall replace(IndexEntry entry, String expiresAt, String entryUntil) {
    return ScriptCall.of(Script.INDEX_REPLACE, key)
        .with(expiresAt, entry.listNames(), entry.until(entryUntil), entry.knownBy());
  }

  /** Puts off the expiry of the index alone. */
  public ScriptCall renew(String expiresAt) {
    return ScriptCall.of(Script.INDEX_WRITE, key).with("renew", expiresAt, "", "", "");
  }

  public List<ScriptCall> remove(IndexEntry entry) {
    return entry.lists().stream()
        .map(list -> list + " " + entry.knownBy())
        .map(
            member ->
                ScriptCall.command("ZREMRANGEBYLEX", key, "[" + member + " ", "(" + member + "!"))
        .toList();
  }

  /**
   * Reads a page from the shortest of several lists.
   *
   * @param lists each has all that belongs on the page
   * @param cursor the entry behind which to begin, or null
   * @param load reads what ids name, in the same order
   * @param entryOf the entry of what was loaded
   * @param filter what belongs on the page
   * @throws HistoryFailure.FilterTooBroad if too many members would have to be looked at
   */
  public <T> Page<T> page(
      List<String> lists,
      TimeRange range,
      PageRequest page,
      IndexEntry cursor,
      Function<List<String>, List<Optional<T>>> load,
      Function<T, IndexEntry> entryOf,
      Predicate<T> filter) {
    boolean ascending = page.order() == Order.ASC;
    // The space sorts before all that an id may have behind it, and '!' follows the space.
    String low = " " + (range.from() == null ? "" : order(range.from()));
    String high = range.until() == null ? "!" : " " + order(range.until());
    if (cursor != null && ascending) {
      low = max(low, " " + cursor.knownBy() + "!");
    } else if (cursor != null) {
      high = min(high, " " + cursor.knownBy() + " ");
    }
    List<T> found = new ArrayList<>();
    String lastSeen = "";
    int scanned = 0;
    int read = 0;
    int wanted = page.limit() + 1;
    while (true) {
      ScriptReply reply =
          scripts.reply(
              ScriptCall.of(Script.INDEX_READ, key)
                  .with(Integer.toString(wanted), page.order().name(), low, high)
                  .with(lists.toArray(String[]::new)));
      List<IndexEntry> entries = new ArrayList<>();
      for (String member : reply.list(1).texts()) {
        IndexEntry entry = IndexEntry.parse(member);
        // A conversation that was renewed has an older member beside the new one.
        if (!entry.knownBy().equals(lastSeen)) {
          entries.add(entry);
        }
        lastSeen = entry.knownBy();
      }
      List<Optional<T>> loaded = load.apply(entries.stream().map(IndexEntry::id).toList());
      for (int i = 0; i < entries.size(); i++) {
        String order = entries.get(i).order();
        loaded
            .get(i)
            // Another turn under the same id may have left a member when it was refused.
            .filter(one -> entryOf.apply(one).order().equals(order))
            .filter(filter)
            .ifPresent(found::add);
      }
      if (found.size() > page.limit() || reply.number(0) < wanted) {
        return Page.ofFetched(
            found.size() > page.limit() ? found.subList(0, page.limit() + 1) : found, page.limit());
      }
      scanned += (int) loaded.stream().filter(Optional::isPresent).count();
      read += entries.size();
      wanted = Math.min(CHUNK, Math.min(MOST_SCANNED - scanned, MOST_READ - read));
      if (wanted <= 0) {
        throw new HistoryFailure.FilterTooBroad(MOST_SCANNED);
      }
      String last = reply.text(2);
      String behindItsList = last.substring(last.indexOf(' '));
      if (ascending) {
        low = behindItsList + "!";
      } else {
        high = behindItsList;
      }
    }
  }

  private static String order(Instant instant) {
    return IndexEntry.order(RecordEncoding.micros(instant));
  }

  private static String max(String one, String other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static String min(String one, String other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
