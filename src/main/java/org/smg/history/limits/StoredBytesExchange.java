package org.smg.history.limits;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.Storage;

/**
 * Brings the counts of this server to the backend, and those of all servers from it, in the
 * background. Where nothing is counted, it asks nothing.
 */
@ApplicationScoped
public class StoredBytesExchange {

  /** What a server has counted since is lost if its process is killed. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  private static final String SERVER_THREADS = "java:comp/DefaultManagedScheduledExecutorService";

  private static final String NOT_EXCHANGED = "Stored bytes were not exchanged";

  private static final Logger LOG = Logger.getLogger(StoredBytesExchange.class.getName());

  private final StoredBytes counts;
  private final Storage storage;
  private final EventLog log;
  private Future<?> repeated;

  @Inject
  public StoredBytesExchange(StoredBytes counts, Storage storage, EventLog log) {
    this.counts = counts;
    this.storage = storage;
    this.log = log;
  }

  /** For the container's proxy. */
  protected StoredBytesExchange() {
    this(null, null, null);
  }

  /** Begins to exchange, until the application ends. */
  public synchronized void begin() {
    try {
      ScheduledExecutorService threads = InitialContext.doLookup(SERVER_THREADS);
      repeated =
          threads.scheduleWithFixedDelay(
              this::exchange, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (NamingException noThreads) {
      log.write(
          LOG,
          Level.WARNING,
          event("Stored bytes are counted by this server alone: there is no " + SERVER_THREADS),
          noThreads);
    }
  }

  /** The last counts of a server that is stopped are not lost. */
  synchronized void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object end) {
    if (repeated != null) {
      repeated.cancel(false);
      repeated = null;
      exchange();
    }
  }

  /** One that fails is made up for by the next one. */
  private synchronized void exchange() {
    try {
      counts.exchange(storage.byteSums());
    } catch (HistoryFailure.Unavailable outage) {
      log.write(LOG, Level.FINE, event(NOT_EXCHANGED), outage);
    } catch (RuntimeException failure) {
      // Thrown on, it would end the repetition.
      log.write(LOG, Level.WARNING, event(NOT_EXCHANGED), failure);
    }
  }

  private static Event event(String message) {
    return Event.of("stored_bytes", message);
  }
}
