package org.smg.history.startup;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Options;
import org.smg.history.config.Settings;
import org.smg.history.examples.Examples;
import org.smg.history.fleet.ServerLease;
import org.smg.history.gateway.ModelServer;
import org.smg.history.limits.OpenStreams;
import org.smg.history.limits.RequestLimits;
import org.smg.history.limits.StoredBytes;
import org.smg.history.limits.StoredBytesExchange;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;
import org.smg.history.retention.Purge;
import org.smg.history.retention.Retention;
import org.smg.history.security.AccessControl;
import org.smg.history.security.ConsoleSwitch;
import org.smg.history.storage.Backend;
import org.smg.history.storage.Storage;

/** Checks what the administrator chose, so that a bad choice stops the start. */
@ApplicationScoped
public class Startup {

  private static final Logger LOG = Logger.getLogger(Startup.class.getName());

  /** Null before the start has succeeded. */
  private volatile Instant started;

  /**
   * @param settings made before the storage, like what follows it: the faults of all are told at
   *     once
   */
  void begin(
      @Observes @Initialized(ApplicationScoped.class) Object start,
      Options options,
      Settings settings,
      EventLog log,
      AccessControl accessControl,
      ConsoleSwitch console,
      Examples examples,
      ModelServer modelServer,
      RequestLimits limits,
      StoredBytes storedBytes,
      OpenStreams openStreams,
      Retention retention,
      Storage storage,
      StoredBytesExchange exchange,
      Purge purge,
      ServerLease lease) {
    if (options.get(ServerExit.ON_FAILED_START)) {
      LibertyEndpoint endpoint = LibertyEndpoint.read(options);
      verifyOrExit(storage, log);
      endpoint.exitIfClosed(log);
    } else {
      verify(storage, log);
    }
    Backend backend = options.get(Backend.OPTION);
    log.write(
        LOG,
        Level.INFO,
        Event.of(
                "start",
                "History is kept in the backend %s; request bodies have at most %d bytes"
                    .formatted(backend, settings.maxBodyBytes()))
            .with("backend", backend.name().toLowerCase(Locale.ROOT)));
    List.of(
            accessControl.describe(),
            limits.describe(),
            storedBytes.describe(),
            openStreams.describe(),
            retention.describe(),
            console.describe(),
            modelServer.describe())
        .forEach(setting -> log.write(LOG, Level.INFO, Event.of("setting", setting)));
    started = Instant.now();
    exchange.begin();
    purge.begin();
    lease.begin();
    modelServer.begin();
    examples.add();
  }

  /** Only where the start succeeded: another one has said why it did not. */
  void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object end, EventLog log) {
    if (started != null) {
      log.writeLast(
          LOG,
          Level.INFO,
          Event.of("stop", "The history stops")
              .with("uptime_s", Duration.between(started, Instant.now()).toSeconds()));
    }
  }

  private static void verifyOrExit(Storage storage, EventLog log) {
    try {
      verify(storage, log);
    } catch (RuntimeException refused) {
      ServerExit.begin(String.valueOf(refused.getMessage()), log);
      throw refused;
    }
  }

  /** A backend that is merely out of reach may come back; until then this server is not ready. */
  private static void verify(Storage storage, EventLog log) {
    try {
      storage.verify();
    } catch (HistoryFailure.Unavailable e) {
      log.write(
          LOG,
          Level.WARNING,
          Event.of("fault", "The history backend does not answer yet: " + said(e)));
    }
  }

  /** In one line, with what the backend's driver said if the failure does not repeat it already. */
  private static String said(HistoryFailure.Unavailable failure) {
    String said = failure.getMessage();
    Throwable cause = failure.getCause();
    String reason =
        cause == null || cause.getMessage() == null
            ? ""
            : cause.getMessage().lines().findFirst().orElse("");
    return said.contains(reason) ? said : said + " " + reason;
  }
}
