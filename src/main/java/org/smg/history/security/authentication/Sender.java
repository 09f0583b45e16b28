package org.smg.history.security.authentication;

import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** What is read of a request to find out who makes it. */
public interface Sender {

  /** The address at the other end of the connection, in numbers. */
  String address();

  /** Of HTTP, such as {@code GET}. */
  String method();

  Collection<String> headerNames();

  /** The values of a header, one for each time that it was sent. */
  List<String> headers(String name);

  /** The subject of the certificate that the other end has shown, and the server has verified. */
  Optional<X500Principal> certificate();

  /**
   * Asks the server who it is.
   *
   * @return empty if the server wants another login; it has then prepared its challenge
   * @throws org.smg.history.model.HistoryFailure.Forbidden if the server has no login
   */
  Optional<Principal> login();

  /** Whether the user whom {@link #login} has found has a role, by the server's administrator. */
  boolean isInRole(String role);
}
