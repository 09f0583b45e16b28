package org.smg.history.security.authentication;

import java.util.Optional;
import org.smg.history.model.HistoryFailure;

/** One kind of bearer token. */
public interface Credentials {

  /**
   * @param token as it was sent, of any length and content
   * @return empty if it is not of this kind, or does not count
   * @throws HistoryFailure.Unavailable if that cannot be found out at the moment
   */
  Optional<Identity> identify(String token);

  /** What such a token is called, with its article. */
  String kind();
}
