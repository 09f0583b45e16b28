package org.smg.history.config;

/**
 * An option whose value cannot be used. The message is one line that an administrator can act on,
 * and all that a log needs: there is no stack trace.
 */
public final class InvalidOption extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param fault what is wrong and what is allowed, without the value if that holds a secret
   */
  public InvalidOption(Option option, String fault) {
    this(option.property() + ": " + fault);
  }

  /**
   * @param line names the option, what is wrong and what is allowed
   */
  InvalidOption(String line) {
    super(line, null, false, false);
  }
}
