package org.smg.history.security;

import org.smg.history.model.HistoryFailure;

/** How it is found out who makes a request. */
interface Authentication {

  /**
   * @throws HistoryFailure.Unauthenticated if it takes a credential, and there is none that counts
   * @throws HistoryFailure.Forbidden if such a request is not served at all
   */
  Identity identify(Sender sender);

  /** For administrators: which requests are served. */
  String describe();
}
