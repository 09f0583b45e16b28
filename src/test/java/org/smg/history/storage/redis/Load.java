package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.scopeOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Turn;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;

/**
 * Clients that record turns in several conversations, and note which were acknowledged and when.
 */
final class Load implements AutoCloseable {

  private static final int CLIENTS = 6;

  /**
   * The limit for one request in every fault test. It is longer than the sum of all timeouts: for a
   * free connection, to connect, for an answer, and for the retries of a Cluster.
   */
  private static final Duration BOUND = Duration.ofSeconds(12);

  private final SampleTenant tenant;
  private final List<Key> conversations = new ArrayList<>();
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean over;

  Load(RedisStorage storage) {
    tenant = SampleTenant.fresh(storage);
    for (int i = 0; i < CLIENTS; i++) {
      conversations.add(tenant.conversation("conv_" + i));
    }
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      clients.add(new Thread(() -> run(client)));
    }
    clients.forEach(Thread::start);
    awaitProgress();
  }

  private void run(int client) {
    for (int i = 0; !over; i++) {
      String id = client + "_" + i;
      Turn turn =
          tenant
              .turn("resp_" + id)
              .in(conversations.get(client))
              .input(Samples.message("in_" + id))
              .output(Samples.message("out_" + id))
              .build();
      long begun = System.nanoTime();
      try {
        tenant.storage().responses().record(scopeOf(turn.response().key()), turn);
        acknowledged.put(id, System.nanoTime());
      } catch (HistoryFailure.Unavailable expected) {
        refused.incrementAndGet();
        LockSupport.parkNanos(1_000_000);
      } catch (RuntimeException | Error e) {
        unexpected.add(e);
      }
      if (System.nanoTime() - begun > BOUND.toNanos()) {
        unexpected.add(new AssertionError("a request took longer than " + BOUND));
      }
    }
  }

  int refused() {
    return refused.get();
  }

  /** Waits until every client has recorded 20 more turns. */
  void awaitProgress() {
    long since = System.nanoTime();
    for (int i = 0; i < CLIENTS; i++) {
      String client = i + "_";
      TestRedis.await(
          "client " + i + " goes on",
          () ->
              unexpected.size() > 50
                  || acknowledged.entrySet().stream()
                          .filter(entry -> entry.getKey().startsWith(client))
                          .filter(entry -> entry.getValue() > since)
                          .count()
                      > 20);
    }
  }

  void stop() {
    over = true;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    assertThat(unexpected).isEmpty();
  }

  /**
   * Asserts that every turn is stored whole or not at all, and that all acknowledged turns are, but
   * for those that may be lost.
   *
   * @param lossFrom in nanoseconds: turns acknowledged from here on may be lost
   * @param lossUntil in nanoseconds: turns acknowledged until here may be lost
   */
  void assertKept(long lossFrom, long lossUntil) {
    Set<String> kept = new HashSet<>();
    for (int client = 0; client < CLIENTS; client++) {
      List<String> items = tenant.items(conversations.get(client)).stream().map(Item::id).toList();
      assertThat(items).doesNotHaveDuplicates();
      for (int i = 0; i < items.size(); i += 2) {
        String id = items.get(i).substring("in_".length());
        assertThat(items.get(i)).isEqualTo("in_" + id);
        assertThat(items.get(i + 1)).isEqualTo("out_" + id);
        kept.add(id);
      }
    }
    Set<String> missing =
        acknowledged.entrySet().stream()
            .filter(entry -> entry.getValue() < lossFrom || entry.getValue() > lossUntil)
            .map(Map.Entry::getKey)
            .filter(id -> !kept.contains(id))
            .collect(Collectors.toSet());
    assertThat(missing).isEmpty();
    for (String id : kept) {
      if (acknowledged.containsKey(id)
          && (acknowledged.get(id) < lossFrom || acknowledged.get(id) > lossUntil)) {
        assertThat(tenant.storage().responses().find(tenant.scope(), "resp_" + id)).isPresent();
      }
    }
  }

  void assertKept() {
    assertKept(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  @Override
  public void close() {
    over = true;
  }
}
