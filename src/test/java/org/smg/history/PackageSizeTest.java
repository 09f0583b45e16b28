package org.smg.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A package that a reader can overlook: at most 25 files. */
class PackageSizeTest {

  static Stream<Path> packages() throws IOException {
    return Files.walk(Path.of("src/main/java")).filter(Files::isDirectory);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void noPackageHasMoreThan25Files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSizeLessThanOrEqualTo(25);
    }
  }
}
