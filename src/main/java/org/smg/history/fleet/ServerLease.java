package org.smg.history.fleet;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.smg.history.config.Options;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.Backend;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.RunStore.Abandoned;
import org.smg.history.storage.Storage;

/**
 * Tells the servers that share the backend that this one lives, and ends the runs of those that do
 * not. Every server does, also one that makes no runs itself.
 */
@ApplicationScoped
public class ServerLease {

  /** A server that has not renewed its lease for so long is taken for dead. */
  static final Duration LEASE = Duration.ofSeconds(15);

  /** From the end of one look for abandoned runs to the next. */
  static final Duration SWEEP = Duration.ofSeconds(10);

  private static final Duration TICK = Duration.ofSeconds(1);

  /** Ended between two looks whether the contact is still good. */
  static final int BATCH = 100;

  private static final String SERVER_THREADS = "java:comp/DefaultManagedScheduledExecutorService";

  private static final Event NOT_RENEWED = event("The lease of this server was not renewed");
  private static final Event NOT_ENDED = event("Runs of lost servers were not ended");

  private static final Logger LOG = Logger.getLogger(ServerLease.class.getName());

  private final boolean shared;
  private final String server;
  private final RunStore runs;
  private final LongSupplier nanoTime;
  private final EventLog log;
  private final AbandonedRuns abandoned;
  private final BackendContact contact = new BackendContact();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile long nextSweep;
  private volatile boolean ended;
  private Future<?> repeated;

  @Inject
  public ServerLease(Options options, Storage storage, ServerName name, EventLog log) {
    this(
        options.get(Backend.OPTION).isShared(),
        storage.runs(),
        name.value(),
        System::nanoTime,
        log);
  }

  /**
   * @param shared whether other servers may use the backend, too
   */
  ServerLease(boolean shared, RunStore runs, String server, LongSupplier nanoTime, EventLog log) {
    this.shared = shared;
    this.runs = runs;
    this.server = server;
    this.nanoTime = nanoTime;
    this.log = log;
    this.abandoned = new AbandonedRuns(runs, server);
    this.nextSweep = nanoTime.getAsLong();
  }

  /** For the container's proxy. */
  protected ServerLease() {
    this.shared = false;
    this.runs = null;
    this.server = null;
    this.nanoTime = null;
    this.log = null;
    this.abandoned = null;
  }

  /**
   * Takes the lease, and keeps it until the application ends. To be called before the first run.
   */
  public synchronized void begin() {
    if (!shared) {
      return;
    }
    tick(Runnable::run);
    try {
      ScheduledExecutorService threads = InitialContext.doLookup(SERVER_THREADS);
      // Each call has a thread of its own: while one hangs, the next one is made all the same.
      repeated =
          threads.scheduleWithFixedDelay(
              () -> tick(threads), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (NamingException missing) {
      throw new IllegalStateException("The server lacks what leases need", missing);
    }
  }

  /**
   * Gives the lease up, once whatever this server still ran has been recorded: other servers end
   * the rest at once.
   */
  synchronized void end(
      @Observes
          @BeforeDestroyed(ApplicationScoped.class)
          @Priority(Interceptor.Priority.LIBRARY_AFTER)
          Object end) {
    ended = true;
    if (repeated != null) {
      repeated.cancel(false);
      repeated = null;
      try {
        runs.release(server);
      } catch (RuntimeException outage) {
        log.write(LOG, Level.FINE, event("The lease ends by itself"), outage);
      }
    }
  }

  /** Begins what is due. Must not wait. */
  void tick(Executor threads) {
    long now = nanoTime.getAsLong();
    if (contact.beginRenewal(now)) {
      threads.execute(() -> renew(now));
    }
    if (now - nextSweep >= 0 && contact.isSteady(now) && sweeping.compareAndSet(false, true)) {
      threads.execute(this::sweep);
    }
  }

  private void renew(long begin) {
    try {
      if (!ended) {
        runs.lease(server, LEASE);
      }
      contact.renewed(begin, nanoTime.getAsLong());
    } catch (RuntimeException failure) {
      contact.failed(begin);
      write(NOT_RENEWED, failure);
    }
  }

  private void sweep() {
    try {
      while (endSome() && isSteady()) {
        // There are more.
      }
    } catch (RuntimeException failure) {
      contact.lost();
      write(NOT_ENDED, failure);
    } finally {
      nextSweep = nanoTime.getAsLong() + SWEEP.toNanos();
      sweeping.set(false);
    }
  }

  /**
   * @return whether there may be more that can be ended
   */
  private boolean endSome() {
    List<Abandoned> found = abandoned.find(BATCH);
    long gone = found.stream().filter(this::end).count();
    return found.size() == BATCH && gone > 0;
  }

  private boolean isSteady() {
    return !ended && contact.isSteady(nanoTime.getAsLong());
  }

  /**
   * @return false if it could not be ended; others can be, all the same
   */
  private boolean end(Abandoned run) {
    try {
      abandoned.end(run).ifPresent(this::writeEnded);
      return true;
    } catch (HistoryFailure.Unavailable outage) {
      throw outage;
    } catch (RuntimeException failure) {
      log.write(LOG, Level.WARNING, identified(NOT_ENDED, run.prompt()), failure);
      return false;
    }
  }

  private void writeEnded(StoredResponse failed) {
    log.write(
        LOG,
        Level.WARNING,
        identified(
            Event.of("run_abandoned", "A run of a server that is gone was ended as failed"),
            failed));
  }

  private static Event identified(Event event, StoredResponse response) {
    return event
        .with("tenant", response.key().tenant())
        .with("response_id", response.key().id())
        .with("conversation_id", response.conversationId());
  }

  /** An outage is told of by those whose requests fail. */
  private void write(Event event, RuntimeException failure) {
    log.write(
        LOG,
        failure instanceof HistoryFailure.Unavailable ? Level.FINE : Level.WARNING,
        event,
        failure);
  }

  private static Event event(String message) {
    return Event.of("server_lease", message);
  }
}
