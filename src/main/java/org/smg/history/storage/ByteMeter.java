package org.smg.history.storage;

import java.util.function.LongSupplier;
import org.smg.history.model.Scope;

/**
 * Is told by a backend how many bytes its writes have added and its deletes have removed. What
 * counts are the JSON texts of items, responses, their inputs, metadata and comments, each as often
 * as it is stored, without indexes and whatever else a backend keeps.
 */
public interface ByteMeter {

  /** Counts nothing. */
  ByteMeter NONE =
      new ByteMeter() {
        @Override
        public boolean counts(Scope scope) {
          return false;
        }

        @Override
        public void changed(Scope scope, long bytes) {
          // Nobody asks.
        }
      };

  /** Whether anybody wants to know what is done in this scope. If not, backends measure nothing. */
  boolean counts(Scope scope);

  /**
   * To be called once a write has succeeded.
   *
   * @param bytes measures how many bytes there are more now; not asked if nobody counts them
   */
  default void measure(Scope scope, LongSupplier bytes) {
    if (counts(scope)) {
      changed(scope, bytes.getAsLong());
    }
  }

  /**
   * The same where the number is known.
   *
   * @param bytes that there are more now; negative if there are fewer
   */
  void changed(Scope scope, long bytes);
}
