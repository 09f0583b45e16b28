package org.smg.history.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.smg.history.config.Options;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.RetentionContract;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RunContract;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;

class MemoryStorageTest implements StorageContract, RetentionContract, RunContract {

  private final CountedBytes counted = new CountedBytes();
  private final SettableHorizon horizon = new SettableHorizon();
  private final MemoryStorage storage =
      new MemoryStorage(new Options(option -> Optional.empty()), counted, horizon);

  @Override
  public CountedBytes counted() {
    return counted;
  }

  @Override
  public SettableHorizon horizon() {
    return horizon;
  }

  @Override
  public void assertNothingDueIsLeft(String tenant) {
    RetentionStore.State state = storage.retention().state(tenant);
    if (state.oldestConversation() != null) {
      assertThat(state.oldestConversation()).isAfterOrEqualTo(time(horizon.conversations()));
    }
    if (state.oldestResponse() != null) {
      assertThat(state.oldestResponse()).isAfterOrEqualTo(time(horizon.responses()));
    }
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** There is no other tenant. */
  @Override
  public void assertNothingIsLeft(String tenant) {
    assertThat(storage.metrics())
        .containsEntry("conversations", 0L)
        .containsEntry("responses", 0L)
        .containsEntry("bytes", 0L);
  }

  @Override
  public Storage storage() {
    return storage;
  }
}
