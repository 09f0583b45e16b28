package org.smg.history.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The labels that a client puts on a conversation, response or feedback; always replaced as a
 * whole.
 *
 * @param entries the labels in the order in which they were sent
 */
public record Metadata(Map<String, String> entries) {

  public static final Metadata NONE = new Metadata(Map.of());

  public Metadata {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** Whether every one of the given labels is here with the same value. */
  public boolean includes(Metadata wanted) {
    return entries.entrySet().containsAll(wanted.entries.entrySet());
  }
}
