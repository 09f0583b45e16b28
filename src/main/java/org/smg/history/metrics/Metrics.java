package org.smg.history.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.OptionalLong;
import org.smg.history.security.AccessControl;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageObserver;

/** Makes the registry, and whoever counts. */
@ApplicationScoped
public class Metrics {

  /**
   * @param storage is asked when somebody wants to see the figures, never before
   */
  @Produces
  @Singleton
  MetricRegistry registry(Storage storage, AccessControl accessControl, PurgeMetrics purges) {
    MetricRegistry registry = new MetricRegistry();
    BackendMetrics.register(registry, storage);
    purges.register(registry);
    registry.counter(
        "history_proxy_headers_ignored_total",
        "Requests with the headers of trusted proxies from somebody who is none.",
        () -> OptionalLong.of(accessControl.ignored()));
    // One by one: all together would also listen to the garbage collector, beyond an undeployment.
    JvmMemoryMetrics.builder().register(registry.registry());
    JvmGarbageCollectorMetrics.builder().register(registry.registry());
    JvmThreadsMetrics.builder().register(registry.registry());
    return registry;
  }

  @Produces
  @Singleton
  PurgeMetrics purges() {
    return new PurgeMetrics();
  }

  @Produces
  @Singleton
  StorageObserver stores(MetricRegistry registry) {
    return new StoreMetrics(registry);
  }

  @Produces
  @Singleton
  RunMetrics runs(MetricRegistry registry) {
    return new RunMetrics(registry);
  }

  @Produces
  @Singleton
  ModelServerMetrics modelServer(MetricRegistry registry) {
    return new ModelServerMetrics(registry);
  }
}
