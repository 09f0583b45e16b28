package org.smg.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that runs a main class of the tests, with their class path. */
public final class JavaProcess {

  private JavaProcess() {}

  /** Its errors are the caller's; what it prints can be read. */
  public static ProcessBuilder of(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It does not live long enough for more.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
