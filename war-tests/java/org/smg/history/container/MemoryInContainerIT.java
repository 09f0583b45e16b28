package org.smg.history.container;

import jakarta.inject.Inject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import org.smg.history.wartests.OnLiberty;
import org.smg.history.wartests.TestBackend;

@OnLiberty
@InContainer(TestBackend.MEMORY)
@ExtendWith(ArquillianExtension.class)
class MemoryInContainerIT implements StorageContract {

  @Inject private Storage storage;

  @Deployment
  static WebArchive war() {
    return ContractArchive.create();
  }

  @Override
  public Storage storage() {
    return storage;
  }
}
