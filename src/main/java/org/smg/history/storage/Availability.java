package org.smg.history.storage;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.smg.history.model.HistoryFailure;

/**
 * Knows whether a backend can be reached, so that no request waits for one that cannot. Only a
 * probe tells: an operation that failed asks for one, since its failure may be its own, such as a
 * statement that took too long. While the backend is away, requests are refused at once, and one
 * probe after the other looks for its return.
 */
public final class Availability implements AutoCloseable {

  /** How long a readiness check waits for the answer of a probe. */
  static final Duration PATIENCE = Duration.ofMillis(700);

  /** Between two probes while the backend is away. */
  static final Duration INTERVAL = Duration.ofMillis(300);

  private static final String SERVER_THREADS = "java:comp/DefaultManagedExecutorService";

  private final Runnable probe;
  private final Executor executor;
  private volatile HistoryFailure.Unavailable outage;
  private volatile boolean closed;
  private CompletableFuture<Void> answer;

  /**
   * @param probe asks the backend and throws {@link HistoryFailure.Unavailable} if it cannot be
   *     reached; has to end within its own time-outs. It is never run twice at once
   */
  public Availability(Runnable probe) {
    this(probe, threads());
  }

  Availability(Runnable probe, Executor executor) {
    this.probe = probe;
    this.executor = executor;
  }

  /** The application server's; outside of one, as in tests, plain threads. */
  private static Executor threads() {
    try {
      return InitialContext.doLookup(SERVER_THREADS);
    } catch (NamingException noServer) {
      return task -> {
        Thread thread = new Thread(task, "history-probe");
        thread.setDaemon(true);
        thread.start();
      };
    }
  }

  /**
   * To be called before each operation.
   *
   * @throws HistoryFailure.Unavailable while the backend is away
   */
  public void check() {
    HistoryFailure.Unavailable known = outage;
    if (known != null) {
      throw new HistoryFailure.Unavailable(known.getMessage(), known.getCause());
    }
  }

  /** To be called when an operation could not reach the backend: lets a probe find out. */
  public void suspect() {
    ask();
  }

  /** To be called when something outside of the probes has reached the backend. */
  public void answered() {
    outage = null;
  }

  /**
   * Asks the backend, for a readiness check. If its answer takes longer than {@link #PATIENCE},
   * what was known before counts, and the next call tells what the probe has found.
   *
   * @throws HistoryFailure.Unavailable if the backend is away
   */
  public void verify() {
    check();
    try {
      ask().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException notYetKnown) {
      // What was known before counts.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    check();
  }

  /** Ends the probes. */
  @Override
  public void close() {
    closed = true;
  }

  /** The answer of the probe that is under way, or of a new one. */
  private synchronized CompletableFuture<Void> ask() {
    if (answer == null) {
      answer = new CompletableFuture<>();
      try {
        executor.execute(this::probeUntilReached);
      } catch (RejectedExecutionException stopping) {
        answer.completeExceptionally(stopping);
      }
    }
    return answer;
  }

  private void probeUntilReached() {
    while (!closed && !reached() && !Thread.currentThread().isInterrupted()) {
      told();
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
    synchronized (this) {
      told();
      answer = null;
    }
  }

  private boolean reached() {
    try {
      probe.run();
      outage = null;
    } catch (HistoryFailure.Unavailable failure) {
      outage = failure;
    } catch (RuntimeException failure) {
      outage = new HistoryFailure.Unavailable("The backend cannot be asked.", failure);
    }
    return outage == null;
  }

  private synchronized void told() {
    answer.complete(null);
  }
}
