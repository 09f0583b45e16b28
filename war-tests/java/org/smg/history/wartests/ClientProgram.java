package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs in another language that use OpenAI's SDK of that language.
 *
 * @param folder where they are, and where their SDK is installed
 */
record ClientProgram(Path folder) {

  private static final long MINUTES = 5;

  /**
   * Copies files from the folder of that name of the tests' resources.
   *
   * @param language which names the folder
   */
  static ClientProgram of(String language, String... files) throws IOException {
    Path folder = Path.of(System.getProperty("work")).toAbsolutePath().resolve(language);
    Files.createDirectories(folder);
    for (String file : files) {
      String name = "/" + language + "/" + file;
      try (InputStream resource = ClientProgram.class.getResourceAsStream(name)) {
        Files.copy(
            Objects.requireNonNull(resource, name),
            folder.resolve(file),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new ClientProgram(folder);
  }

  /** A script in JavaScript, with the SDK installed. */
  static ClientProgram node(String script) throws IOException, InterruptedException {
    ClientProgram program = of("node", "package.json", "package-lock.json", script);
    program.run("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");
    return program;
  }

  /** A script in Python, with the SDK installed. */
  static ClientProgram python(String script) throws IOException, InterruptedException {
    ClientProgram program = of("python", "requirements.txt", script);
    program.run("python3", "-m", "venv", "sdk");
    program.run("sdk/bin/pip", "install", "--quiet", "--requirement", "requirements.txt");
    return program;
  }

  /** For conditions of tests. */
  static boolean nodeAndNpmAreThere() {
    return Stream.of("node", "npm").allMatch(ClientProgram::onPath);
  }

  /** For conditions of tests. */
  static boolean pythonIsThere() {
    return onPath("python3");
  }

  private static boolean onPath(String program) {
    return Stream.of(
            Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Runs a command, which must succeed, and gives what it said. */
  String run(String... command) throws IOException, InterruptedException {
    List<String> words = List.of(command);
    Path program = folder.resolve(words.get(0));
    Path output = folder.resolve(program.getFileName() + ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    if (Files.exists(program)) {
      builder.command().set(0, program.toString());
    }
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(process.waitFor()).as(String.join(" ", words) + "%n%s", said).isZero();
    return said;
  }
}
