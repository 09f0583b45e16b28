package org.smg.history.storage.selection;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import org.smg.history.config.Options;
import org.smg.history.storage.Backend;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StoredIn;

/** Switches on the backend that the administrator chose; the others are never made. */
@ApplicationScoped
public class StorageSelection {

  /**
   * The stores tell whoever observes them: each observer is looked up once.
   *
   * @throws org.smg.history.config.InvalidOptions if an option cannot be used
   */
  @Produces
  @ApplicationScoped
  Storage selected(
      @Any Instance<Storage> backends, Instance<StorageObserver> observers, Options options) {
    Backend backend = options.get(Backend.OPTION);
    Storage selected = backends.select(new StoredIn.Literal(backend)).get();
    options.check();
    return new ObservedStorage(selected, new Observation(observers));
  }

  void close(@Disposes Storage selected) {
    selected.close();
  }
}
