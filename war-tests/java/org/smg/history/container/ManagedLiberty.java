package org.smg.history.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.smg.history.FreePort;
import org.smg.history.wartests.LibertyServer;

/** An Open Liberty with the shipped configuration, for Arquillian to start. */
final class ManagedLiberty {

  /** One for each checkout: Arquillian tells servers apart by their names, on the whole machine. */
  private static final String NAME =
      "in-container-" + Integer.toHexString(System.getProperty("work").hashCode());

  private ManagedLiberty() {}

  /**
   * Writes the server's files.
   *
   * @param options by the names of their environment variables
   * @return the properties that {@code arquillian.xml} names
   */
  static Map<String, String> prepare(Map<String, String> options) throws IOException {
    Path users =
        LibertyServer.named(NAME)
            .override("arquillian.xml", override(options))
            .file("server.env", ("JAVA_HOME=" + System.getProperty("java.home")).getBytes())
            .write();
    return Map.of("managed.name", NAME, "managed.users", users.toString());
  }

  /**
   * What Arquillian needs beside the shipped configuration: a connection to the server's MBeans,
   * and the application where Arquillian puts it and asks for it.
   */
  private static String override(Map<String, String> options) throws IOException {
    StringBuilder variables = new StringBuilder();
    options.forEach(
        (variable, value) ->
            variables.append(
                "<variable name=\"%s\" value=\"%s\"/>%n"
                    .formatted(
                        variable.toLowerCase(Locale.ROOT).replace('_', '-'),
                        value.replace("&", "&amp;"))));
    return """
    <server>
      <featureManager>
        <feature>localConnector-1.0</feature>
      </featureManager>
      <applicationMonitor dropinsEnabled="false"/>
      <webApplication id="history" location="${server.config.dir}/dropins/history.war" contextRoot="/history"/>
      <variable name="http.port" value="%d"/>
      %s
    </server>
    """
        .formatted(FreePort.find(), variables);
  }
}
