package org.smg.history.security.jwt;

/** A token that does not count. The message says why, in words that follow "the token: ". */
final class RefusedToken extends Exception {

  private static final long serialVersionUID = 1L;

  RefusedToken(String reason) {
    super(reason, null, false, false);
  }
}
