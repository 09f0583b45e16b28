package org.smg.history.storage.memory;

import java.util.Optional;
import org.smg.history.config.Options;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import org.smg.history.storage.StoredBytesContract;

class MemoryStorageTest implements StorageContract, StoredBytesContract {

  private final CountedBytes counted = new CountedBytes();
  private final Storage storage =
      new MemoryStorage(new Options(option -> Optional.empty()), counted);

  @Override
  public CountedBytes counted() {
    return counted;
  }

  @Override
  public Storage storage() {
    return storage;
  }
}
