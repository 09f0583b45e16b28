package org.smg.history.storage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import org.smg.history.config.Settings;

/** Switches on the backend that the administrator chose; the others are never made. */
@ApplicationScoped
public class StorageSelection {

  @Produces
  @ApplicationScoped
  Storage selected(@Any Instance<Storage> backends, Settings settings) {
    return backends.select(new StoredIn.Literal(settings.backend(Backend.class))).get();
  }

  /** Runs before the first request, so that a bad choice stops the start. */
  void verify(@Observes @Initialized(ApplicationScoped.class) Object start, Storage selected) {
    selected.verify();
  }
}
