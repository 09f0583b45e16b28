package org.smg.history.wartests;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The servers that the WAR is tested on; the system property {@code server} names one of them. */
enum TestServer {
  LIBERTY {
    @Override
    ApplicationServer start(String name, Map<String, String> environment) {
      return LibertyServer.named(name).environment(environment).start();
    }
  },
  GLASSFISH6 {
    @Override
    ApplicationServer start(String name, Map<String, String> environment) {
      return glassFish("glassfish6", name, environment);
    }
  },
  GLASSFISH7 {
    @Override
    ApplicationServer start(String name, Map<String, String> environment) {
      return glassFish("glassfish7", name, environment);
    }
  };

  /** The server of this run. */
  static TestServer chosen() {
    return valueOf(System.getProperty("server").toUpperCase(Locale.ROOT));
  }

  /**
   * Starts a server with a folder of its own.
   *
   * @param environment the application's options, by the names of their environment variables
   */
  abstract ApplicationServer start(String name, Map<String, String> environment);

  private static ApplicationServer glassFish(
      String home, String name, Map<String, String> environment) {
    Path installed = Path.of(System.getProperty("glassfish"), home).toAbsolutePath();
    return GlassFishServer.start(installed, home + "-" + name, environment);
  }
}
