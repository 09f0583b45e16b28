package org.smg.history.storage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Settings;
import org.smg.history.model.HistoryFailure;

/** Switches on the backend that the administrator chose; the others are never made. */
@ApplicationScoped
public class StorageSelection {

  private static final Logger LOG = Logger.getLogger(StorageSelection.class.getName());

  @Produces
  @ApplicationScoped
  Storage selected(@Any Instance<Storage> backends, Settings settings) {
    return backends.select(new StoredIn.Literal(settings.backend(Backend.class))).get();
  }

  void close(@Disposes Storage selected) {
    selected.close();
  }

  /**
   * Runs before the first request, so that a bad choice stops the start. A backend that is merely
   * out of reach does not: it may come back, and until then this server is not ready.
   */
  void verify(@Observes @Initialized(ApplicationScoped.class) Object start, Storage selected) {
    try {
      selected.verify();
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
