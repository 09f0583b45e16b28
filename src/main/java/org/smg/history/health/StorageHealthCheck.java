package org.smg.history.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.Storage;

/** Ready only while the selected backend answers. */
@ApplicationScoped
@Readiness
public class StorageHealthCheck implements HealthCheck {

  @Inject Storage storage;

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("history-backend");
    try {
      storage.checkReady();
      storage.metrics().forEach(answer::withData);
      return answer.up().build();
    } catch (HistoryFailure.Unavailable e) {
      return answer.down().build();
    }
  }
}
