package org.smg.history.storage;

/** What a backend's test has to provide. */
public interface StorageUnderTest {

  /** The same storage during one test; tests may share its server. */
  Storage storage();

  default SampleTenant freshTenant() {
    return SampleTenant.fresh(storage());
  }
}
