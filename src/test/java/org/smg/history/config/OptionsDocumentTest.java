package org.smg.history.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of options for administrators, and the options that the code declares. */
class OptionsDocumentTest {

  private static final Path DOCUMENT = Path.of("src/docs/options.md");

  /** The first cell of a table's row. */
  private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\|([^|]*)\\|");

  private static final Pattern PROPERTY =
      Pattern.compile("`((history|https?|memory|model|oracle|postgres|redis)[-.][a-z.-]+)`");

  @Test
  void everyOptionIsDocumentedAndEveryDocumentedOptionExists() throws Exception {
    assertThat(documented())
        .containsExactlyInAnyOrderElementsOf(
            declared().stream().flatMap(OptionsDocumentTest::properties).toList());
  }

  @Test
  void everyAliasIsDocumented() throws Exception {
    assertThat(Files.readString(DOCUMENT))
        .contains(
            declared().stream()
                .flatMap(OptionsDocumentTest::aliases)
                .map(alias -> "`" + alias + "`")
                .toList());
  }

  /** Open Liberty decodes a secret for the application only under this name. */
  @Test
  void everySecretHasItsLineForDecoding() throws Exception {
    assertThat(Files.readString(DOCUMENT))
        .contains(
            declared().stream()
                .filter(Option::secret)
                .map(Option::property)
                .map(
                    "<jndiEntry jndiName=\"history/%1$s\" value=\"${%1$s}\" decode=\"true\"/>"
                        ::formatted)
                .toList());
  }

  private static Stream<String> properties(Option<?> option) {
    return option.secret()
        ? Stream.of(option.property(), option.fileProperty())
        : Stream.of(option.property());
  }

  private static Stream<String> aliases(Option<?> option) {
    return option.secret()
        ? Stream.concat(option.alias().stream(), option.fileAlias().stream())
        : option.alias().stream();
  }

  private static List<String> documented() throws IOException {
    return FIRST_CELL
        .matcher(Files.readString(DOCUMENT))
        .results()
        .flatMap(cell -> PROPERTY.matcher(cell.group(1)).results())
        .map(property -> property.group(1))
        .toList();
  }

  /** Every constant of the type Option. */
  private static List<Option<?>> declared() throws IllegalAccessException {
    List<Option<?>> options = new ArrayList<>();
    for (JavaField declared :
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests()).importPackages("org.smg.history").stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getRawType().isEquivalentTo(Option.class))
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .toList()) {
      Field field = declared.reflect();
      field.setAccessible(true);
      options.add((Option<?>) field.get(null));
    }
    return options;
  }
}
