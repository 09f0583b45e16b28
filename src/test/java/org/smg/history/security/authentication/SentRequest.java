package org.smg.history.security.authentication;

import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** A request of a test, without certificate and without a login to the server. */
public record SentRequest(String method, String address, Map<String, List<String>> all)
    implements Sender {

  /** A GET. */
  public SentRequest(String address, Map<String, List<String>> all) {
    this("GET", address, all);
  }

  @Override
  public Collection<String> headerNames() {
    return all.keySet();
  }

  @Override
  public List<String> headers(String name) {
    return all.getOrDefault(name, List.of());
  }

  @Override
  public Optional<X500Principal> certificate() {
    return Optional.empty();
  }

  @Override
  public Optional<Principal> login() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isInRole(String role) {
    throw new UnsupportedOperationException();
  }
}
