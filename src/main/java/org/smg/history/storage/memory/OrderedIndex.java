package org.smg.history.storage.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;

/** Entries that are found by id and listed by creation. */
final class OrderedIndex<T> {

  /** An entry's place in the list; the id sets apart what was made in the same instant. */
  record Place(Instant created, Instant recorded, String id) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::created)
            .thenComparing(Place::recorded)
            .thenComparing(Place::id);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private record Entry<T>(Place place, T value) {}

  private final String noun;
  private final ConcurrentMap<String, Entry<T>> byId = new ConcurrentHashMap<>();
  private final ConcurrentNavigableMap<Place, T> byPlace = new ConcurrentSkipListMap<>();

  OrderedIndex(String noun) {
    this.noun = noun;
  }

  int size() {
    return byId.size();
  }

  /** The least of a number that every entry has, if there is an entry. */
  OptionalLong least(ToLongFunction<T> number) {
    return byPlace.values().stream().mapToLong(number).min();
  }

  Optional<T> find(String id) {
    return Optional.ofNullable(byId.get(id)).map(Entry::value);
  }

  /**
   * Makes and adds an entry unless its id is taken. Nobody sees the entry before it is made, and if
   * making it fails, nothing is added.
   *
   * @return the entry that now has the id
   */
  T findOrAdd(Place place, Supplier<T> made) {
    return byId.computeIfAbsent(
            place.id(),
            id -> {
              T value = made.get();
              byPlace.put(place, value);
              return new Entry<>(place, value);
            })
        .value();
  }

  /**
   * Removes an entry if it is in scope; of several callers at once, one gets it.
   *
   * @param inScope whether the caller may see the entry
   */
  Optional<T> remove(Predicate<T> inScope, String id) {
    List<Entry<T>> removed = new ArrayList<>(1);
    // Waits for whoever is making the entry: a look at the map alone would not find it yet.
    byId.computeIfPresent(
        id,
        (key, found) -> {
          if (!inScope.test(found.value())) {
            return found;
          }
          removed.add(found);
          return null;
        });
    // The value too, because the place may be that of an entry which came back meanwhile.
    removed.forEach(entry -> byPlace.remove(entry.place(), entry.value()));
    return removed.stream().map(Entry::value).findAny();
  }

  /**
   * @param inScope which entries the caller may see; a cursor out of scope is as unknown as any
   * @param filter which of them are asked for
   */
  Page<T> list(Predicate<T> inScope, Predicate<T> filter, PageRequest page) {
    ConcurrentNavigableMap<Place, T> ordered =
        page.order() == Order.ASC ? byPlace : byPlace.descendingMap();
    if (page.after() != null) {
      Entry<T> cursor = byId.get(page.after());
      if (cursor == null || !inScope.test(cursor.value())) {
        throw HistoryFailure.NotFound.cursor(noun, page.after());
      }
      ordered = ordered.tailMap(cursor.place(), false);
    }
    Predicate<T> wanted = inScope.and(filter);
    List<T> fetched =
        ordered.entrySet().stream()
            .filter(listed -> wanted.test(listed.getValue()) && isFound(listed))
            .limit(page.limit() + 1L)
            .map(Map.Entry::getValue)
            .toList();
    return Page.ofFetched(fetched, page.limit());
  }

  /** An entry that is being added or removed can have its place without being found by its id. */
  private boolean isFound(Map.Entry<Place, T> listed) {
    Entry<T> found = byId.get(listed.getKey().id());
    return found != null && found.value() == listed.getValue();
  }
}
