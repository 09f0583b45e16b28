package org.smg.history.retention;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.smg.history.storage.Storage;

/** Tells operators and administrators what is kept. */
@ApplicationScoped
public class RetentionReports {

  private final Retention retention;
  private final Storage storage;

  @Inject
  public RetentionReports(Retention retention, Storage storage) {
    this.retention = retention;
    this.storage = storage;
  }

  /** For the container's proxy. */
  protected RetentionReports() {
    this(null, null);
  }

  /** What a tenant has stored now. */
  public RetentionReport of(String tenant) {
    return RetentionReport.of(retention, storage.retention().state(tenant));
  }
}
