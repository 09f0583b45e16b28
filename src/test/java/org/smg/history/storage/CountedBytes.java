package org.smg.history.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.smg.history.model.Scope;

/** Counts what a backend tells, by tenant. */
public final class CountedBytes implements ByteMeter {

  private final Map<String, Long> byTenant = new ConcurrentHashMap<>();
  private final Map<String, Scope> lastByTenant = new ConcurrentHashMap<>();

  @Override
  public boolean counts(Scope scope) {
    return true;
  }

  @Override
  public void changed(Scope scope, long bytes) {
    lastByTenant.put(scope.tenant(), scope);
    byTenant.merge(scope.tenant(), bytes, Long::sum);
  }

  public long of(SampleTenant tenant) {
    return byTenant.getOrDefault(tenant.name(), 0L);
  }

  /** For whom the last change was made. */
  Scope last(SampleTenant tenant) {
    return lastByTenant.get(tenant.name());
  }

  /** By how much a step changes the count. */
  public long by(SampleTenant tenant, Runnable step) {
    long before = of(tenant);
    step.run();
    return of(tenant) - before;
  }
}
