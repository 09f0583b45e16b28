package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A file of API keys, made by the command that administrators use. */
final class KeyRing {

  private final Path file;

  private KeyRing(Path file) {
    this.file = file;
  }

  /** Begins a new file. */
  static KeyRing named(String name) {
    try {
      Path folder = Files.createDirectories(Path.of(System.getProperty("work")).toAbsolutePath());
      Path file = folder.resolve(name + ".keys");
      Files.deleteIfExists(file);
      return new KeyRing(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options that make a server want these keys. */
  Map<String, String> options(String access) {
    return Map.of(
        "HISTORY_AUTH",
        "api-key",
        "HISTORY_ACCESS",
        access,
        "HISTORY_API_KEYS_FILE",
        file.toString());
  }

  /** Makes a key. */
  String create(String tenant, String user, String roles) {
    List<String> said =
        run(
            "create --tenant %s --user %s --roles %s --expires never"
                .formatted(tenant, user, roles));
    return said.get(said.size() - 1);
  }

  void revoke(String key) {
    run("revoke " + key.substring(3, 13));
  }

  private List<String> run(String arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("keys.jar")));
    command.addAll(List.of(arguments.split(" ")));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HISTORY_API_KEYS_FILE", file.toString());
    try {
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
