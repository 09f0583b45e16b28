package org.smg.history.security.authentication;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A request of a test. */
public record SentRequest(String address, Map<String, List<String>> all) implements Sender {

  @Override
  public Collection<String> headerNames() {
    return all.keySet();
  }

  @Override
  public List<String> headers(String name) {
    return all.getOrDefault(name, List.of());
  }
}
