package org.smg.history.storage;

import java.util.Optional;
import org.smg.history.config.Option;

/**
 * An option of a backend's own that says how many days history is kept. A backend that has one
 * declares a bean that is marked {@link StoredIn}.
 */
public interface RetentionDefault {

  /** The backend's option; counts where the one for all backends is not set. */
  Option<Optional<Integer>> option();

  /** In days; counts where neither option is set. -1 is for ever. */
  int days();
}
