package org.smg.oracle;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import oracle.security.pki.textui.OraclePKITextUI;

/**
 * A wallet that opens without a password, like those of an Autonomous Database, made by Oracle's
 * tool.
 */
public final class Wallet {

  private static final String PASSWORD = "for-this-test-alone-1";

  private final Path folder;

  /**
   * @param folder is created
   */
  public Wallet(Path folder) throws IOException {
    this.folder = folder;
    run("wallet", "create", "-auto_login");
  }

  /** The folder, for {@code oracle-wallet-path}. */
  public String path() {
    return folder.toString();
  }

  public Wallet trusting(Path certificate) throws IOException {
    run("wallet", "add", "-trusted_cert", "-cert", certificate.toString());
    return this;
  }

  public Wallet credential(String connectString, String user, String password) throws IOException {
    run(
        "secretstore",
        "create_credential",
        "-connect_string",
        connectString,
        "-username",
        user,
        "-password",
        password);
    return this;
  }

  public Wallet alias(String name, String descriptor) throws IOException {
    Files.writeString(folder.resolve("tnsnames.ora"), name + " = " + descriptor + "\n");
    return this;
  }

  private void run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", tool(), OraclePKITextUI.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-wallet", folder.toString(), "-pwd", PASSWORD));
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(Files.readString(log));
    }
  }

  private static String tool() {
    try {
      return Path.of(
              OraclePKITextUI.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
