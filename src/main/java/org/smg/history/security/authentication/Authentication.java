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

  /**
   * Whether a browser brings the credential by itself, or needs none, so that pages of other sites
   * can make it send requests that count.
   */
  boolean isBroughtByBrowsers();

  /**
   * For clients that bring nothing: what a request has to bring, such as "the header
   * 'Authorization: Bearer …' with an API key".
   */
  String expected();

  /** How many requests brought a credential of this kind that they may not use. */
  default long ignored() {
    return 0;
  }

  /** For administrators: which requests are served. */
  String describe();
}
