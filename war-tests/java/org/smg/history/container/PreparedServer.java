package org.smg.history.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.smg.history.wartests.GlassFishServer;

/**
 * Prepares the server of a test class and sets the system properties by which {@code
 * arquillian.xml} says where it is. Arquillian starts and stops Open Liberty. GlassFish is running
 * already, since its data source has to be made between its start and the deployment, where
 * Arquillian's adapter runs no command: it adds an option to each that most commands refuse.
 */
final class PreparedServer implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Map<String, String> options =
        new TreeMap<>(
            context.getRequiredTestClass().getAnnotation(InContainer.class).value().options());
    // What the contract stores has fixed times, of which some are long ago.
    options.put("HISTORY_RETENTION_DAYS", "-1");
    String server = System.getProperty("server");
    if (server.equals("liberty")) {
      ManagedLiberty.prepare(options).forEach(System::setProperty);
    } else {
      Path home = Path.of(System.getProperty("glassfish"), server).toAbsolutePath();
      GlassFishServer glassFish =
          GlassFishServer.startEmpty(home, server + "-in-container", options);
      // JUnit closes it after the last test of the class.
      context
          .getStore(Namespace.create(PreparedServer.class))
          .put(GlassFishServer.class, glassFish);
      System.setProperty("managed.admin.port", Integer.toString(glassFish.adminPort()));
    }
  }
}
