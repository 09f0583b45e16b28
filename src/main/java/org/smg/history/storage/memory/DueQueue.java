package org.smg.history.storage.memory;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * Entries by the time from which they are kept, the oldest first. A later time is not told: an
 * entry is put in its right place when somebody looks for the oldest, so that writers wait for
 * nothing.
 */
final class DueQueue<T> {

  /**
   * @param number sets entries of the same time apart
   */
  private record Place(long time, long number) implements Comparable<Place> {

    @Override
    public int compareTo(Place other) {
      int byTime = Long.compare(time, other.time);
      return byTime == 0 ? Long.compare(number, other.number) : byTime;
    }
  }

  /** An entry's place in the queue, for its removal. */
  static final class Ticket<T> {

    private final T value;
    private volatile Place place;

    private Ticket(T value) {
      this.value = value;
    }
  }

  private final ConcurrentSkipListMap<Place, Ticket<T>> queue = new ConcurrentSkipListMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final ToLongFunction<T> time;

  /**
   * @param time of an entry now; may grow
   */
  DueQueue(ToLongFunction<T> time) {
    this.time = time;
  }

  Ticket<T> add(T value) {
    Ticket<T> ticket = new Ticket<>(value);
    place(ticket);
    return ticket;
  }

  private void place(Ticket<T> ticket) {
    ticket.place = new Place(time.applyAsLong(ticket.value), numbers.incrementAndGet());
    queue.put(ticket.place, ticket);
  }

  /**
   * @param ticket null removes nothing
   */
  void remove(Ticket<T> ticket) {
    if (ticket != null) {
      queue.remove(ticket.place, ticket);
    }
  }

  /** The oldest entry, if it is from before a time. It stays in the queue. */
  Optional<T> firstBefore(long end) {
    Map.Entry<Place, Ticket<T>> first = queue.firstEntry();
    while (first != null && first.getKey().time < end) {
      Ticket<T> ticket = first.getValue();
      if (time.applyAsLong(ticket.value) < end) {
        return Optional.of(ticket.value);
      }
      if (queue.remove(first.getKey(), ticket)) {
        place(ticket);
      }
      first = queue.firstEntry();
    }
    return Optional.empty();
  }
}
