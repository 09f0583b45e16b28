package org.smg.history.storage.jpa.schema;

/**
 * A schema that this server cannot use. The message is one line that tells an administrator what to
 * do; there is no stack trace, because it would add nothing.
 */
public final class SchemaMismatch extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SchemaMismatch(String fault) {
    super("Database schema: " + fault, null, false, false);
  }
}
