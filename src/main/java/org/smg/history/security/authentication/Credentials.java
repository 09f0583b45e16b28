package org.smg.history.security.authentication;

import java.util.Optional;

/** One kind of bearer token. */
@FunctionalInterface
public interface Credentials {

  /**
   * @param token as it was sent, of any length and content
   * @return empty if it is not of this kind, or does not count
   */
  Optional<Identity> identify(String token);
}
