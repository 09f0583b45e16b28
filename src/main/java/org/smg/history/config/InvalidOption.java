package org.smg.history.config;

/**
 * An option whose value cannot be used. The message is one line that an administrator can act on.
 */
public final class InvalidOption extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidOption(Option option, String fault) {
    super(option.property() + ": " + fault);
  }
}
