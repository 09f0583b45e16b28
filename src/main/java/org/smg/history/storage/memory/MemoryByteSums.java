package org.smg.history.storage.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.smg.history.storage.ByteSums;

/** The sums of the one server that there is. */
final class MemoryByteSums implements ByteSums {

  private final ConcurrentMap<String, ConcurrentMap<String, Long>> byTenant =
      new ConcurrentHashMap<>();

  @Override
  public void add(String tenant, Map<String, Long> changes) {
    ConcurrentMap<String, Long> sums =
        byTenant.computeIfAbsent(tenant, name -> new ConcurrentHashMap<>());
    changes.forEach((name, bytes) -> sums.merge(name, bytes, Long::sum));
  }

  @Override
  public Map<String, Long> sums(String tenant) {
    return Map.copyOf(byTenant.getOrDefault(tenant, new ConcurrentHashMap<>()));
  }
}
