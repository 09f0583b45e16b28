package org.smg.history.bench;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients side by side, each with a thread of its own and as fast as its answers come. */
final class Clients {

  private Clients() {}

  /** One client, used by one thread. */
  interface Client extends Closeable {

    /** Sends what is measured, and waits for its answer. */
    void exchange() throws IOException;
  }

  /**
   * Measures for a while.
   *
   * @param clients connect each client, on its thread
   * @throws IOException if any of them fails
   */
  static Measurement run(List<? extends Callable<? extends Client>> clients, Duration duration)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(clients.size());
    try {
      long start = System.nanoTime();
      long end = start + duration.toNanos();
      List<Callable<Latencies>> work = new ArrayList<>();
      clients.forEach(client -> work.add(() -> work(client, end)));
      Latencies all = new Latencies();
      for (Future<Latencies> done : threads.invokeAll(work)) {
        all.add(done.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Measurement(all.count() / seconds, all.millis(0.5), all.millis(0.99));
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static Latencies work(Callable<? extends Client> connect, long end) throws Exception {
    Latencies latencies = new Latencies();
    try (Client client = connect.call()) {
      for (long begin = System.nanoTime(); begin < end; ) {
        client.exchange();
        long done = System.nanoTime();
        latencies.add(done - begin);
        begin = done;
      }
    }
    return latencies;
  }
}
