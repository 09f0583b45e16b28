package org.smg.history.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends requests over a fixed number of connections, each as fast as its answers come. It shares
 * the processors with the server, so it does as little as it can: one thread and one blocking
 * socket for each connection.
 */
final class Load {

  private final int port;
  private final AtomicLong numbers = new AtomicLong();

  /**
   * @param port of the server, on this machine
   */
  Load(int port) {
    this.port = port;
  }

  /**
   * Measures for a while.
   *
   * @param requests for each connection the requests that it sends in turn
   * @throws IOException if any answer is not 200
   */
  Figures run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(requests.size());
    try {
      long start = System.nanoTime();
      long end = start + duration.toNanos();
      List<Callable<Latencies>> workers = new ArrayList<>();
      for (List<Request> own : requests) {
        workers.add(() -> work(own, end));
      }
      Latencies all = new Latencies();
      for (Future<Latencies> worker : threads.invokeAll(workers)) {
        all.add(worker.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Figures(all.count() / seconds, all.millis(0.5), all.millis(0.99));
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Latencies work(List<Request> requests, long end) throws IOException {
    Latencies latencies = new Latencies();
    try (Connection connection = new Connection(port)) {
      int next = 0;
      for (long begin = System.nanoTime(); begin < end; ) {
        connection.exchange(bytes(requests.get(next)));
        next = (next + 1) % requests.size();
        long done = System.nanoTime();
        latencies.add(done - begin);
        begin = done;
      }
    }
    return latencies;
  }

  /** A connection to the server, for those who measure by themselves. */
  Connection connect() throws IOException {
    return new Connection(port);
  }

  /**
   * Sends one request outside of any measurement.
   *
   * @return the answer's body
   */
  String once(Request request) throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.exchange(bytes(request));
      return connection.body();
    }
  }

  private byte[] bytes(Request request) {
    return request.bytes(request.hasNumbers() ? numbers.incrementAndGet() : 0);
  }
}
