package org.smg.history.security.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.security.authentication.Role;

/** The roles of the code are those that servers are told of. */
class DescriptorRolesTest {

  private static final Path FOLDER = Path.of("src/main/webapp/WEB-INF");

  @ParameterizedTest
  @ValueSource(strings = {"web.xml", "glassfish-web.xml", "weblogic.xml"})
  void everyRoleIsDeclared(String descriptor) throws Exception {
    assertThat(texts(descriptor, "role-name")).isEqualTo(words());
  }

  @Test
  void aGroupHasTheRoleOfItsName() throws Exception {
    assertThat(texts("glassfish-web.xml", "group-name")).isEqualTo(words());
    assertThat(texts("weblogic.xml", "principal-name")).isEqualTo(words());
  }

  /** It would ask for a login whatever {@code history-auth} says. */
  @Test
  void theWarConstrainsNothing() throws Exception {
    assertThat(Files.readString(FOLDER.resolve("web.xml"))).doesNotContain("<security-constraint");
  }

  private static List<String> words() {
    return Arrays.stream(Role.values()).map(Role::word).toList();
  }

  private static List<String> texts(String descriptor, String element) throws Exception {
    return Pattern.compile("<%1$s>([^<]*)</%1$s>".formatted(element))
        .matcher(Files.readString(FOLDER.resolve(descriptor)))
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
