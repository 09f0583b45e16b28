package org.smg.history.config;

import java.util.Collection;

/**
 * Options whose values cannot be used. The message has a line for each of them that names the
 * option, its fault and what is allowed. That is all an administrator needs: there is no stack
 * trace.
 */
public final class InvalidOptions extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidOptions(Collection<String> faults) {
    super(String.join("\n", faults), null, false, false);
  }
}
