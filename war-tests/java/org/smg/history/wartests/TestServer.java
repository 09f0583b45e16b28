package org.smg.history.wartests;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The servers that the WAR is tested on; the system property {@code server} names one of them. */
enum TestServer {
  LIBERTY {
    @Override
    ApplicationServer start(String name, Map<String, String> environment, List<RealmUser> users) {
      LibertyServer.Setup setup = LibertyServer.named(name).environment(environment);
      return (users.isEmpty() ? setup : setup.realm(users)).start();
    }
  },
  GLASSFISH6 {
    @Override
    ApplicationServer start(String name, Map<String, String> environment, List<RealmUser> users) {
      return glassFish("glassfish6", name, environment, users);
    }
  },
  GLASSFISH7 {
    @Override
    ApplicationServer start(String name, Map<String, String> environment, List<RealmUser> users) {
      return glassFish("glassfish7", name, environment, users);
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
  ApplicationServer start(String name, Map<String, String> environment) {
    return start(name, environment, List.of());
  }

  /**
   * Starts a server that has users of its own.
   *
   * @param environment the application's options, by the names of their environment variables
   */
  abstract ApplicationServer start(
      String name, Map<String, String> environment, List<RealmUser> users);

  private static ApplicationServer glassFish(
      String home, String name, Map<String, String> environment, List<RealmUser> users) {
    Path installed = Path.of(System.getProperty("glassfish"), home).toAbsolutePath();
    return GlassFishServer.start(installed, home + "-" + name, environment, users);
  }
}
