package org.smg.history.storage.memory;

import java.util.Optional;
import org.smg.history.config.Options;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;

class MemoryStorageTest implements StorageContract {

  private final Storage storage = new MemoryStorage(new Options(option -> Optional.empty()));

  @Override
  public Storage storage() {
    return storage;
  }
}
