package org.smg.history.log;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.model.Scope;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StoreOperation;

/**
 * Tells of operations of the stores that took long. Without a scope, so that no proxy is passed for
 * each operation.
 */
@Dependent
public final class SlowOperations implements StorageObserver {

  private static final int NEVER = -1;

  /** From this many milliseconds on; 0 tells of all, -1 of none. */
  static final Option<Integer> SLOW =
      Option.number("history-slow-operation-ms", 1000, NEVER, 3_600_000);

  private static final Logger LOG = Logger.getLogger(SlowOperations.class.getName());

  private final long slowNanos;
  private final EventLog log;
  private final CurrentRequest request;

  @Inject
  public SlowOperations(Options options, EventLog log, CurrentRequest request) {
    int millis = options.get(SLOW);
    this.slowNanos = millis == NEVER ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(millis);
    this.log = log;
    this.request = request;
  }

  @Override
  public void ended(StoreOperation operation, Result result, Scope scope, String id, long nanos) {
    if (nanos >= slowNanos) {
      tell(operation, result, scope, id, nanos);
    }
  }

  private void tell(StoreOperation operation, Result result, Scope scope, String id, long nanos) {
    log.write(
        LOG,
        Level.WARNING,
        request.addTo(
            Event.of("slow_operation", "An operation of the backend took long")
                .with("duration_ms", TimeUnit.NANOSECONDS.toMillis(nanos))
                .with("storage_type", operation.storageType())
                .with("operation", operation.operation())
                .with("result", result.name().toLowerCase(Locale.ROOT))
                .with("tenant", scope.tenant())
                .with("id", id)));
  }
}
