package org.smg.history.startup;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Options;
import org.smg.history.config.Settings;
import org.smg.history.examples.Examples;
import org.smg.history.limits.RequestLimits;
import org.smg.history.limits.StoredBytes;
import org.smg.history.limits.StoredBytesExchange;
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

  /**
   * @param settings made before the storage, like what follows it: the faults of all are told at
   *     once
   */
  void begin(
      @Observes @Initialized(ApplicationScoped.class) Object start,
      Options options,
      Settings settings,
      AccessControl accessControl,
      ConsoleSwitch console,
      Examples examples,
      RequestLimits limits,
      StoredBytes storedBytes,
      Retention retention,
      Storage storage,
      StoredBytesExchange exchange,
      Purge purge) {
    if (options.get(ServerExit.ON_FAILED_START)) {
      LibertyEndpoint endpoint = LibertyEndpoint.read(options);
      verifyOrExit(storage);
      endpoint.exitIfClosed();
    } else {
      verify(storage);
    }
    LOG.log(
        Level.INFO,
        "History is kept in the backend {0}; request bodies have at most {1} bytes",
        new Object[] {options.get(Backend.OPTION), settings.maxBodyBytes()});
    LOG.info(accessControl.describe());
    LOG.info(limits.describe());
    LOG.info(storedBytes.describe());
    LOG.info(retention.describe());
    LOG.info(console.describe());
    exchange.begin();
    purge.begin();
    examples.add();
  }

  private static void verifyOrExit(Storage storage) {
    try {
      verify(storage);
    } catch (RuntimeException refused) {
      ServerExit.begin(String.valueOf(refused.getMessage()));
      throw refused;
    }
  }

  /** A backend that is merely out of reach may come back; until then this server is not ready. */
  private static void verify(Storage storage) {
    try {
      storage.verify();
    } catch (HistoryFailure.Unavailable e) {
      LOG.log(Level.WARNING, "The history backend does not answer yet: {0}", said(e));
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
