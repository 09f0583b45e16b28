package org.smg.history.security.authentication;

import java.util.Optional;
import org.smg.history.model.HistoryFailure;

/** One way to find out who makes a request. */
public interface Authentication {

  /**
   * @return empty if the request brings no credential of this kind, so that another way may know it
   * @throws HistoryFailure.Unauthenticated if it brings one that does not count
   * @throws HistoryFailure.Forbidden if such a request is not served at all
   */
  Optional<Identity> identify(Sender sender);

  /** For administrators: which requests are served. */
  String describe();
}
