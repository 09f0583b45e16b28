package org.smg.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of the console stay small, and have no word by which a text could become more. */
class ConsoleSourcesTest {

  private static final Path FOLDER = Path.of("src/main/webapp/WEB-INF/console");

  private static final int MOST_BYTES = 60 * 1024;

  /** Each file travels alone, so each is compressed alone. */
  @Test
  void allFilesTogetherAreSmall() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += compressed(file);
    }

    assertThat(bytes).isPositive().isLessThanOrEqualTo(MOST_BYTES);
  }

  private static long compressed(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      Files.copy(file, gzip);
    }
    return bytes.size();
  }

  private static final List<Pattern> FORBIDDEN =
      Stream.of(
              "innerHTML",
              "outerHTML",
              "insertAdjacentHTML",
              "setHTML",
              "srcdoc",
              "DOMParser",
              "createContextualFragment",
              "document\\.write",
              "\\beval\\b",
              "\\bFunction\\s*\\(",
              "\\bnew Worker",
              "\\bimport\\s*\\((?!\"\\./[a-z-]+\\.js\"\\))",
              "setAttribute\\(\\s*[\"'`]on",
              "javascript:")
          .map(Pattern::compile)
          .toList();

  /** In HTML and SVG: what the policy of the page refuses, or what would load from elsewhere. */
  private static final List<Pattern> FORBIDDEN_IN_MARKUP =
      Stream.of(
              "\\sstyle=", "\\son[a-z]+=", "<style", "<script(?![^>]*\\ssrc=)", "<iframe", "<base")
          .map(Pattern::compile)
          .toList();

  /** The names of XML's vocabularies are no addresses. */
  private static final Pattern ADDRESS =
      Pattern.compile("https?://(?!www\\.w3\\.org/(?:2000/svg|1999/xhtml))[a-zA-Z0-9]");

  @ParameterizedTest
  @MethodSource("files")
  void noFileHasAWordByWhichATextBecomesMore(Path file) throws IOException {
    String text = Files.readString(file);

    assertThat(FORBIDDEN).noneMatch(pattern -> pattern.matcher(text).find());
    assertThat(ADDRESS.matcher(text).find()).as("loads from elsewhere").isFalse();
    if (file.toString().matches(".*\\.(html|svg)")) {
      assertThat(FORBIDDEN_IN_MARKUP).noneMatch(pattern -> pattern.matcher(text).find());
    }
  }

  /** The filter serves no file of another name. */
  @ParameterizedTest
  @MethodSource("files")
  void everyFileHasANameThatIsServed(Path file) {
    assertThat(FOLDER.relativize(file).toString())
        .matches("(?:[a-z0-9-]+/)*[a-z0-9-]+\\.(html|css|js|svg)");
  }

  static List<Path> files() {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
