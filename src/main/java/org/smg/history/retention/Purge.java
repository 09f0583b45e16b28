package org.smg.history.retention;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.Storage;

/**
 * Removes what is due, in the background and in small steps with pauses, tenant by tenant. Of a
 * fleet one server does so at a time; if it dies, its lease ends, and another one goes on.
 */
@ApplicationScoped
public class Purge {

  /** In seconds, from the end of one purge to the beginning of the next. */
  static final Option<Integer> INTERVAL_SECS =
      Option.number("history-purge-interval-secs", 600, 1, 86_400);

  /** A server that died is made up for after this time, and {@link #LONGEST_LOOK}. */
  static final Duration LEASE = Duration.ofSeconds(30);

  /** Between two looks whether it is this server's turn. */
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(20);

  /** In the time of a lease. */
  private static final int RENEWALS = 3;

  /** So that other work always comes in between. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

  /** With half of the time spent on removing, p99 of appends was more than doubled. */
  private static final int PAUSE_TO_STEP = 4;

  /** A database that is slow has enough to do. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private static final String SERVER_THREADS = "java:comp/DefaultManagedScheduledExecutorService";

  private static final Event NOT_REMOVED = Event.of("purge", "What is due was not removed");

  private static final Logger LOG = Logger.getLogger(Purge.class.getName());

  private final Retention retention;
  private final Storage storage;
  private final Iterable<PurgeObserver> observers;
  private final Duration interval;
  private final EventLog log;
  private final String holder = UUID.randomUUID().toString();
  private volatile boolean ended;

  /** When this server may purge again, on the scale of {@link System#nanoTime}. */
  private long next = System.nanoTime();

  private Future<?> repeated;

  @Inject
  public Purge(
      Options options,
      Retention retention,
      Storage storage,
      @Any Instance<PurgeObserver> observers,
      EventLog log) {
    this(retention, storage, observers, Duration.ofSeconds(options.get(INTERVAL_SECS)), log);
  }

  /**
   * @param interval between two purges, and the most that one tenant gets of each
   */
  Purge(
      Retention retention,
      Storage storage,
      Iterable<PurgeObserver> observers,
      Duration interval,
      EventLog log) {
    this.retention = retention;
    this.storage = storage;
    this.observers = observers;
    this.interval = interval;
    this.log = log;
  }

  /** For the container's proxy. */
  protected Purge() {
    this((Retention) null, null, null, null, null);
  }

  /** Begins to purge, until the application ends. */
  public synchronized void begin() {
    try {
      ScheduledExecutorService threads = InitialContext.doLookup(SERVER_THREADS);
      long look = look().toMillis();
      rest();
      repeated = threads.scheduleWithFixedDelay(this::repeat, look, look, TimeUnit.MILLISECONDS);
    } catch (NamingException noThreads) {
      log.write(
          LOG,
          Level.WARNING,
          Event.of(
              "purge",
              "What is due is hidden, but not removed by this server: there is no "
                  + SERVER_THREADS),
          noThreads);
    }
  }

  private Duration look() {
    Duration half = interval.dividedBy(2);
    return half.compareTo(LONGEST_LOOK) < 0 ? half : LONGEST_LOOK;
  }

  /** Less than a look early, because the next look may come a little later than it should. */
  private void rest() {
    next = System.nanoTime() + interval.toNanos() - look().toNanos() / 2;
  }

  /** The step that is under way ends by itself; the next server goes on from there. */
  synchronized void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object end) {
    ended = true;
    if (repeated != null) {
      repeated.cancel(false);
      repeated = null;
      try {
        storage.retention().release(holder);
      } catch (RuntimeException outage) {
        log.write(LOG, Level.FINE, Event.of("purge", "The lease ends by itself"), outage);
      }
    }
  }

  /** One that fails is made up for by the next one. */
  private void repeat() {
    try {
      if (System.nanoTime() - next >= 0 && run().isPresent()) {
        rest();
      }
    } catch (HistoryFailure.Unavailable outage) {
      log.write(LOG, Level.FINE, NOT_REMOVED, outage);
    } catch (RuntimeException failure) {
      // Thrown on, it would end the repetition.
      log.write(LOG, Level.WARNING, NOT_REMOVED, failure);
    }
  }

  /**
   * Purges once, if no other server does, or has done so within the interval.
   *
   * @return what was done, or empty if another server has the lease
   */
  Optional<PurgeResult> run() {
    RetentionStore store = storage.retention();
    if (!store.lease(holder, LEASE)) {
      return Optional.empty();
    }
    boolean done = false;
    try {
      PurgeResult result = new PurgeRun(store).run();
      done = true;
      observers.forEach(observer -> observer.ended(result));
      write(result);
      return Optional.of(result);
    } finally {
      if (done && !ended) {
        // Nobody needs to purge again before.
        store.lease(holder, interval);
      } else {
        store.release(holder);
      }
    }
  }

  private void write(PurgeResult result) {
    Counts removed = result.removed();
    if (!removed.isNone()) {
      log.write(
          LOG,
          Level.INFO,
          Event.of("purge", "What was due has been removed")
              .with("conversations", removed.conversations())
              .with("items", removed.items())
              .with("responses", removed.responses())
              .with("feedback", removed.feedback())
              .with("duration_ms", result.took().toMillis())
              .with("more_due", !result.complete()));
    }
  }

  /** One purge of all tenants. */
  private final class PurgeRun {

    private final RetentionStore store;
    private final long begun = System.nanoTime();
    private long renewed = begun;
    private boolean complete = true;
    private boolean stopped;
    private Duration lag = Duration.ZERO;

    PurgeRun(RetentionStore store) {
      this.store = store;
    }

    PurgeResult run() {
      Counts removed = Counts.NONE;
      Optional<String> tenant = store.tenantAfter(null);
      while (tenant.isPresent() && goesOn()) {
        removed = removed.plus(purge(tenant.get()));
        tenant = store.tenantAfter(tenant.get());
      }
      return new PurgeResult(
          removed,
          Duration.ofNanos(System.nanoTime() - begun),
          lag,
          complete && !stopped && lag.isZero());
    }

    private Counts purge(String tenant) {
      long end = System.nanoTime() + interval.toNanos();
      Counts removed = Counts.NONE;
      boolean more = true;
      while (more && goesOn() && System.nanoTime() - end < 0) {
        long before = System.nanoTime();
        RetentionStore.Step step = store.purge(tenant, retention.now());
        removed = removed.plus(step.removed());
        more = step.more();
        if (more) {
          pause(System.nanoTime() - before);
        }
      }
      complete &= !more;
      store.purged(tenant, new RetentionStore.Purged(retention.now(), removed));
      noteLag(store.state(tenant));
      return removed;
    }

    private void noteLag(RetentionStore.State left) {
      for (Duration due : RetentionReport.due(retention, left)) {
        lag = due.compareTo(lag) > 0 ? due : lag;
      }
    }

    /** In proportion to what the step took: at most a fifth of the time is spent on removing. */
    private void pause(long stepNanos) {
      LockSupport.parkNanos(
          Math.min(
              Math.max(PAUSE_TO_STEP * stepNanos, SHORTEST_PAUSE.toNanos()),
              LONGEST_PAUSE.toNanos()));
    }

    /** Whether the application is up and the lease, renewed in time, is this server's. */
    private boolean goesOn() {
      if (ended || Thread.currentThread().isInterrupted()) {
        stopped = true;
      } else if (System.nanoTime() - renewed > LEASE.toNanos() / RENEWALS) {
        renewed = System.nanoTime();
        stopped |= !store.lease(holder, LEASE);
      }
      return !stopped;
    }
  }
}
