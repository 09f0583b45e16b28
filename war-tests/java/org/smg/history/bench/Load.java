package org.smg.history.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
  Measurement run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException {
    return Clients.run(
        requests.stream().map(own -> (Callable<Client>) () -> new Client(own)).toList(), duration);
  }

  private final class Client implements Clients.Client {

    private final Connection connection = new Connection(port);
    private final List<Request> requests;
    private int next;

    Client(List<Request> requests) throws IOException {
      this.requests = requests;
    }

    @Override
    public void exchange() throws IOException {
      connection.exchange(bytes(requests.get(next)));
      next = (next + 1) % requests.size();
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
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
