package org.smg.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents stay short, complete, and free of links that lead nowhere. */
class DocumentsTest {

  private static final int README_LINES = 150;

  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("src/docs");
  private static final Path DECISIONS = Path.of("src/adr");
  private static final Path INDEX = DECISIONS.resolve("README.md");

  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");

  /** How code cites the wire contract: the document, and the numbers of one or two sections. */
  private static final Pattern CITATION =
      Pattern.compile("api\\.md,[\\s*]+sections? ([0-9.]*[0-9])(?:[\\s*]+and ([0-9.]*[0-9]))?");

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(README_LINES);
  }

  @Test
  void theReadmeLeadsToEveryDocument() throws IOException {
    assertThat(linked(README)).containsAll(markdown(DOCS)).contains(INDEX);
  }

  @Test
  void everyDecisionIsInTheIndex() throws IOException {
    List<Path> decisions = markdown(DECISIONS);
    decisions.remove(INDEX);

    assertThat(linked(INDEX)).containsAll(decisions);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsSomewhere(Path document) throws IOException {
    for (MatchResult link : links(document)) {
      Path target = target(document, link);
      assertThat(target).as(link.group()).exists();
      if (link.group(2) != null) {
        assertThat(anchors(target)).as(link.group()).contains(link.group(2));
      }
    }
  }

  /** A section is a heading that begins with its number. */
  @Test
  void everyCitationOfTheWireContractNamesASection() throws IOException {
    String api = Files.readString(DOCS.resolve("api.md"));
    List<String> cited = new ArrayList<>();
    for (Path source : sources()) {
      CITATION
          .matcher(Files.readString(source))
          .results()
          .flatMap(citation -> Stream.of(citation.group(1), citation.group(2)))
          .filter(section -> section != null)
          .forEach(cited::add);
    }

    assertThat(cited)
        .isNotEmpty()
        .allMatch(section -> Pattern.compile("(?m)^##+ " + section + "\\.? ").matcher(api).find());
  }

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(markdown(DOCS));
    documents.addAll(markdown(DECISIONS));
    documents.addAll(markdown(Path.of("src/dist")));
    documents.addAll(markdown(Path.of("src/weblogic")));
    documents.add(README);
    return documents;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String folder : List.of("src/main/java", "src/test/java", "war-tests/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static List<Path> markdown(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files.filter(file -> file.toString().endsWith(".md")).toList());
    }
  }

  private static List<Path> linked(Path document) throws IOException {
    return links(document).stream().map(link -> target(document, link)).toList();
  }

  private static List<MatchResult> links(Path document) throws IOException {
    String text = CODE_BLOCK.matcher(Files.readString(document, UTF_8)).replaceAll("");
    return LINK.matcher(text).results().toList();
  }

  private static Path target(Path document, MatchResult link) {
    return link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
  }

  /** The headings as links name them: lower case, no punctuation, dashes for spaces. */
  private static List<String> anchors(Path document) throws IOException {
    String text = CODE_BLOCK.matcher(Files.readString(document, UTF_8)).replaceAll("");
    return HEADING
        .matcher(text)
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
