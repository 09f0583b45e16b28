package org.smg.history.bench.gateway;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.smg.history.bench.Latencies;

/**
 * Sends at a constant rate, however long the answers take. A request's time counts from when it was
 * due, so that who is late makes the following ones late, as with real callers.
 */
final class OpenLoop {

  private final int perSecond;
  private final int threads;

  /**
   * @param threads how many requests can be under way
   */
  OpenLoop(int perSecond, int threads) {
    this.perSecond = perSecond;
    this.threads = threads;
  }

  /** One caller, used by one thread. */
  interface Caller extends Closeable {

    /**
     * Sends a request and reads its answer to the end.
     *
     * @return when that was there which is measured, as {@link System#nanoTime()}
     */
    long call() throws IOException;
  }

  /**
   * @param connect connects each caller, on its thread
   * @throws IOException if any of them fails
   */
  Latencies run(Callable<? extends Caller> connect, Duration duration)
      throws IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Caller> callers = new ArrayList<>();
      for (Future<? extends Caller> connected :
          pool.invokeAll(Collections.nCopies(threads, connect))) {
        callers.add(connected.get());
      }
      Schedule schedule = new Schedule(perSecond, duration);
      Latencies all = new Latencies();
      for (Future<Latencies> done :
          pool.invokeAll(
              callers.stream()
                  .map(caller -> (Callable<Latencies>) () -> work(caller, schedule))
                  .toList())) {
        all.add(done.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Latencies work(Caller caller, Schedule schedule) throws IOException {
    Latencies latencies = new Latencies();
    try (caller) {
      for (long due = schedule.next(); due >= 0; due = schedule.next()) {
        long from = schedule.start + due;
        for (long left = from - System.nanoTime(); left > 0; left = from - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        latencies.add(caller.call() - from);
      }
    }
    return latencies;
  }

  private static final class Schedule {

    private final long start = System.nanoTime();
    private final long interval;
    private final long end;
    private final AtomicInteger number = new AtomicInteger();

    Schedule(int perSecond, Duration duration) {
      interval = Duration.ofSeconds(1).toNanos() / perSecond;
      end = duration.toNanos();
    }

    /** Nanoseconds after the start; -1 when it is over. */
    long next() {
      long due = number.getAndIncrement() * interval;
      return due < end ? due : -1;
    }
  }
}
