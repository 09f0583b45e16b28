package org.smg.history.storage.jpa;

/**
 * A schema that this server cannot use. The message is one line that an administrator can act on,
 * and all that a log needs: there is no stack trace.
 */
final class SchemaMismatch extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SchemaMismatch(String fault) {
    super("Database schema: " + fault, null, false, false);
  }
}
