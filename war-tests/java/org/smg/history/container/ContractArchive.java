package org.smg.history.container;

import java.io.File;
import java.net.URISyntaxException;
import org.assertj.core.api.Assertions;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.GenericArchive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.smg.history.storage.StorageContract;

/** The WAR as it was built, with the store contract in a library of its own beside its others. */
final class ContractArchive {

  private ContractArchive() {}

  static WebArchive create() {
    String contract = StorageContract.class.getPackageName().replace('.', '/');
    // The classes of this package alone: below it are tests of single backends.
    GenericArchive classes =
        ShrinkWrap.create(ExplodedImporter.class)
            .importDirectory(
                new File(whereIs(StorageContract.class), contract),
                Filters.include("/[^/]*\\.class"))
            .as(GenericArchive.class);
    return ShrinkWrap.create(ZipImporter.class, "history.war")
        .importFrom(new File(System.getProperty("war")))
        .as(WebArchive.class)
        .addAsLibrary(ShrinkWrap.create(JavaArchive.class, "contract.jar").merge(classes, contract))
        .addAsLibrary(whereIs(Assertions.class));
  }

  /** The folder or jar that a class comes from. */
  private static File whereIs(Class<?> type) {
    try {
      return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
