package org.smg.history.storage.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.redis.RedisKeys.IndexKeys;

/**
 * All conversations, responses or feedback of a tenant in order of creation. A member may name
 * something that has expired, was deleted or was never stored completely. Readers skip such members
 * and read on, so that a page is full and says exactly whether more follows.
 */
final class OrderedIndex {

  /** How many members are read at once after the first page, where a filter rejected some. */
  private static final int CHUNK = 200;

  /** A member with its score; members of the same score are in the order of their bytes. */
  record Entry(String member, String score) {}

  private final ScriptRunner scripts;
  private final IndexKeys keys;

  OrderedIndex(ScriptRunner scripts, IndexKeys keys) {
    this.scripts = scripts;
    this.keys = keys;
  }

  static String score(Instant instant) {
    return Long.toString(micros(instant));
  }

  /** Microseconds since 1970. */
  static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  ScriptCall add(Entry entry, String expiresAt) {
    return call(Script.INDEX_ADD).with(entry.member(), entry.score(), expiresAt);
  }

  /** Puts off the expiry of a member; one that is not in the index is not added. */
  ScriptCall renew(String member, String expiresAt) {
    return call(Script.INDEX_RENEW).with(member, expiresAt);
  }

  ScriptCall remove(String member) {
    return call(Script.INDEX_REMOVE).with(member);
  }

  private ScriptCall call(Script script) {
    return ScriptCall.of(script, keys.members(), keys.expiry());
  }

  /**
   * Reads a page.
   *
   * @param cursor the entry behind which to begin, or null
   * @param load reads what members name, in the same order
   * @param filter what belongs on the page
   */
  <T> Page<T> page(
      TimeRange range,
      PageRequest page,
      Entry cursor,
      Function<List<String>, List<Optional<T>>> load,
      Predicate<T> filter) {
    String from = range.from() == null ? "-inf" : score(range.from());
    String until = range.until() == null ? "+inf" : score(range.until());
    List<T> found = new ArrayList<>();
    Entry after = cursor;
    int wanted = page.limit() + 1;
    while (true) {
      ScriptCall call =
          ScriptCall.of(Script.INDEX_READ, keys.members())
              .with(Integer.toString(wanted), page.order().name(), from, until);
      if (after != null) {
        call.with(after.member(), after.score());
      }
      List<String> members = new ArrayList<>();
      List<String> read = scripts.reply(call).texts();
      for (int i = 0; i < read.size(); i += 2) {
        members.add(read.get(i));
        after = new Entry(read.get(i), read.get(i + 1));
      }
      load.apply(members).stream().flatMap(Optional::stream).filter(filter).forEach(found::add);
      if (found.size() > page.limit() || members.size() < wanted) {
        return Page.ofFetched(
            found.size() > page.limit() ? found.subList(0, page.limit() + 1) : found, page.limit());
      }
      wanted = CHUNK;
    }
  }
}
