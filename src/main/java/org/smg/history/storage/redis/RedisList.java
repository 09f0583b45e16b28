package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.redis.RedisKeys.ListKeys;

/**
 * A list that spans what is kept in many places. Members that lead nowhere, because what they stand
 * for has expired, was deleted or was never completed, are passed over; so a page is full and says
 * exactly whether more follows.
 */
final class RedisList {

  /** How many members are read at once where a filter leaves gaps. */
  private static final int CHUNK = 200;

  /** A place in the list. */
  record Place(String member, String score) {}

  private final Redis redis;

  RedisList(Redis redis) {
    this.redis = redis;
  }

  /**
   * @param cursor the place behind which to begin, or null
   * @param load reads what members stand for, in their order
   */
  <T> Page<T> page(
      ListKeys keys,
      TimeRange range,
      PageRequest page,
      Place cursor,
      Function<List<String>, List<Optional<T>>> load,
      Predicate<T> filter) {
    String from = range.from() == null ? "-inf" : ConversationWriter.score(range.from());
    String until = range.until() == null ? "+inf" : ConversationWriter.score(range.until());
    List<T> found = new ArrayList<>();
    Place after = cursor;
    int wanted = page.limit() + 1;
    while (true) {
      Call call =
          Call.of(Script.LIST, keys.members())
              .with(Integer.toString(wanted), page.order().name(), from, until);
      if (after != null) {
        call.with(after.member(), after.score());
      }
      List<String> members = new ArrayList<>();
      List<String> read = redis.reply(call).texts();
      for (int i = 0; i < read.size(); i += 2) {
        members.add(read.get(i));
        after = new Place(read.get(i), read.get(i + 1));
      }
      load.apply(members).stream().flatMap(Optional::stream).filter(filter).forEach(found::add);
      if (found.size() > page.limit() || members.size() < wanted) {
        return Page.ofFetched(
            found.size() > page.limit() ? found.subList(0, page.limit() + 1) : found, page.limit());
      }
      wanted = CHUNK;
    }
  }

  void leave(ListKeys keys, String member) {
    redis.run(Call.of(Script.LEAVE, keys.members(), keys.expiry()).with(member));
  }
}
