package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.RetentionStore.Step;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/**
 * What a purge costs writers, how long it takes, and what schema version 3 costs each write. Not
 * run by the build. It prints figures and only checks that everything was removed.
 */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
class PurgeBenchmark {

  private static final int WRITERS = 4;
  private static final int TEXT = 800;
  private static final int BATCH = 500;

  /** Items that the largest purge removes. */
  private static final int ITEMS = Integer.getInteger("bench.items", 1_000_000);

  /** Items that a purge removes beside writers. */
  private static final int BESIDE = Math.min(ITEMS, 100_000);

  private final SettableHorizon horizon = new SettableHorizon();
  private PostgresServer server;
  private DataSource database;
  private JpaStorage storage;

  @BeforeAll
  void start(PostgresServer shared) throws SQLException {
    server = shared;
    shared.newDatabase("purge_bench");
    database = shared.pool("purge_bench");
    storage = storage(database);
    storage.verify();
  }

  @AfterAll
  void stop() {
    storage.close();
  }

  private JpaStorage storage(DataSource source) {
    return new JpaStorage(
        () -> source, false, false, new PostgresDialect(), ByteMeter.NONE, horizon);
  }

  private static Item[] items(int count) {
    Item[] items = new Item[count];
    for (int i = 0; i < count; i++) {
      items[i] = message("msg_" + UUID.randomUUID(), "x".repeat(TEXT));
    }
    return items;
  }

  /** So many old items, in conversations of the given size. */
  private void fill(SampleTenant tenant, int count, int each) {
    for (int made = 0; made < count; made += each) {
      Key key = tenant.conversation("old_" + UUID.randomUUID(), items(Math.min(each, BATCH)));
      for (int more = BATCH; more < each; more += BATCH) {
        tenant.append(key, items(Math.min(BATCH, each - more)));
      }
    }
  }

  /** As the background does it. */
  private Counts purge(SampleTenant tenant) {
    RetentionStore store = storage.retention();
    Counts removed = Counts.NONE;
    Step step;
    do {
      long before = System.nanoTime();
      step = store.purge(tenant.name(), at(0));
      removed = removed.plus(step.removed());
      LockSupport.parkNanos(Math.max(4 * (System.nanoTime() - before), 10_000_000));
    } while (step.more());
    return removed;
  }

  /** The times of appends of one item each, in nanoseconds, until told to stop. */
  private List<Long> appends(SampleTenant tenant, AtomicBoolean stop) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<List<Long>>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Key key = tenant.key("new_" + UUID.randomUUID());
        storage
            .conversations()
            .create(tenant.scope(), Samples.conversation(key, 1_000_000, Metadata.NONE), List.of());
        Callable<List<Long>> writer =
            () -> {
              List<Long> took = new ArrayList<>();
              while (!stop.get()) {
                long before = System.nanoTime();
                storage
                    .conversations()
                    .append(tenant.scope(), key.id(), List.of(items(1)), at(1_000_000));
                took.add(System.nanoTime() - before);
                LockSupport.parkNanos(2_000_000);
              }
              return took;
            };
        running.add(writers.submit(writer));
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> writer : running) {
        all.addAll(writer.get());
      }
      return all;
    } finally {
      writers.shutdownNow();
    }
  }

  private static double p99(List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[(int) (sorted.length * 0.99)] / 1e6;
  }

  private List<Long> appendsFor(SampleTenant tenant, Duration time) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Thread timer =
        new Thread(
            () -> {
              LockSupport.parkNanos(time.toNanos());
              stop.set(true);
            });
    timer.start();
    return appends(tenant, stop);
  }

  @Test
  void appendsBesideAPurge() throws Exception {
    for (int each : new int[] {10, BESIDE}) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      fill(tenant, BESIDE, each);
      horizon.set(at(500_000), at(500_000));
      List<Long> before = appendsFor(tenant, Duration.ofSeconds(10));
      AtomicBoolean stop = new AtomicBoolean();
      List<Counts> removed = new ArrayList<>();
      long began = System.nanoTime();
      Thread purging =
          new Thread(
              () -> {
                removed.add(purge(tenant));
                stop.set(true);
              });
      purging.start();
      List<Long> beside = appends(tenant, stop);
      double seconds = (System.nanoTime() - began) / 1e9;
      purging.join();
      List<Long> after = appendsFor(tenant, Duration.ofSeconds(10));
      horizon.clear();
      double without = (p99(before) + p99(after)) / 2;
      System.out.printf(
          "%d items in conversations of %d: removed in %.1f s; p99 of appends %.1f ms before, %.1f ms"
              + " beside the purge, %.1f ms after; ratio %.2f (%d appends beside it)%n",
          BESIDE,
          each,
          seconds,
          p99(before),
          p99(beside),
          p99(after),
          p99(beside) / without,
          beside.size());
      assertThat(removed).singleElement().extracting(Counts::items).isEqualTo((long) BESIDE);
    }
  }

  @Test
  void aLargePurge() {
    for (int each : new int[] {10, ITEMS}) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      fill(tenant, ITEMS, each);
      horizon.set(at(500_000), at(500_000));
      long began = System.nanoTime();
      Counts removed = purge(tenant);
      double seconds = (System.nanoTime() - began) / 1e9;
      horizon.clear();
      System.out.printf(
          "%d items in conversations of %d: removed in %.1f s, pauses included%n",
          ITEMS, each, seconds);
      assertThat(removed.items()).isEqualTo(ITEMS);
    }
  }

  /** The same writes on the schema with and without what version 3 adds to written tables. */
  @Test
  void whatVersion3CostsEachWrite() throws Exception {
    DataSource without = server.newDatabase("purge_bench_v2");
    // Fresh ones, because autovacuum is busy where a purge has been.
    server.newDatabase("purge_bench_v3");
    try (JpaStorage now = storage(server.pool("purge_bench_v3"));
        JpaStorage before = storage(server.pool("purge_bench_v2"))) {
      now.verify();
      before.verify();
      PostgresServer.run(
          without,
          "DROP INDEX responses_recorded; ALTER TABLE conversations DROP COLUMN updated_day");
      List<Double> turns = new ArrayList<>();
      List<Double> appends = new ArrayList<>();
      for (int round = 0; round < 10; round++) {
        double[] first = writes(round % 2 == 0 ? now : before);
        double[] second = writes(round % 2 == 0 ? before : now);
        double[] with = round % 2 == 0 ? first : second;
        double[] bare = round % 2 == 0 ? second : first;
        if (round > 1) {
          turns.add(with[0] / bare[0]);
          appends.add(with[1] / bare[1]);
        }
      }
      System.out.printf(
          "with version 3 to without: turns %.3f, appends %.3f (medians of %d rounds; turns %s)%n",
          median(turns), median(appends), turns.size(), turns);
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Seconds for turns, and for appends. */
  private static double[] writes(JpaStorage storage) {
    int count = 400;
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key key = tenant.conversation("conv");
    long began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      tenant.record(
          tenant.turn("resp_" + UUID.randomUUID()).in(key).input(items(1)).output(items(1)));
    }
    long between = System.nanoTime();
    for (int i = 0; i < count; i++) {
      tenant.append(key, items(1));
    }
    return new double[] {(between - began) / 1e9, (System.nanoTime() - between) / 1e9};
  }
}
