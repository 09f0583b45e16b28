package org.smg.history.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smg.history.security.authentication.Role;

/** The table of rights, against the endpoints that there are and the document that prints it. */
class EndpointTest {

  /** A method of the API, and the rows of the table that it asks for. */
  private record Resource(String method, String path, List<String> rows) {}

  @Test
  void everyEndpointAsksForItsOwnRow() {
    assertThat(resources())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Endpoint.values())
                .map(row -> new Resource(row.method(), row.path(), List.of(row.name())))
                .toList());
  }

  @Test
  void theDocumentPrintsTheTable() throws IOException {
    String head =
        Arrays.stream(Role.values())
            .map(role -> "`" + role.word() + "`")
            .collect(Collectors.joining(" | ", "| Endpoint | ", " |"));
    List<String> lines =
        Stream.concat(
                Stream.of(head, "|---|---|---|---|---|"),
                Arrays.stream(Endpoint.values()).map(EndpointTest::row))
            .toList();

    assertThat(Files.readString(java.nio.file.Path.of("src/docs/security.md")))
        .contains(String.join("\n", lines) + "\n\n");
  }

  private static String row(Endpoint endpoint) {
    return Arrays.stream(Role.values())
        .map(role -> word(endpoint.grant(role)))
        .collect(
            Collectors.joining(
                " | ", "| `%s %s` | ".formatted(endpoint.method(), endpoint.path()), " |"));
  }

  private static String word(Grant grant) {
    return switch (grant) {
      case NONE -> "–";
      case ACCESS -> "access";
      case REVIEW -> "tenant, with a reason";
      case TENANT -> "tenant";
      case OPEN -> "yes";
    };
  }

  private static List<Resource> resources() {
    return new ClassFileImporter()
        .withImportOption(new DoNotIncludeTests()).importPackages("org.smg.history").stream()
            .filter(type -> type.isAnnotatedWith(Path.class))
            .flatMap(type -> type.getMethods().stream())
            .flatMap(
                method ->
                    method.getAnnotations().stream()
                        .filter(EndpointTest::isHttpMethod)
                        .map(annotation -> resource(method, annotation)))
            .toList();
  }

  private static boolean isHttpMethod(JavaAnnotation<JavaMethod> annotation) {
    return annotation.getRawType().isAnnotatedWith(HttpMethod.class);
  }

  private static Resource resource(JavaMethod method, JavaAnnotation<JavaMethod> annotation) {
    JavaClass type = method.getOwner();
    String path = "/" + type.getAnnotationOfType(Path.class).value();
    if (method.isAnnotatedWith(Path.class)) {
      path += "/" + method.getAnnotationOfType(Path.class).value();
    }
    return new Resource(
        annotation.getRawType().getAnnotationOfType(HttpMethod.class).value(),
        path,
        method.getFieldAccesses().stream()
            .filter(access -> access.getTargetOwner().isEquivalentTo(Endpoint.class))
            .map(JavaFieldAccess::getTarget)
            .map(target -> target.getName())
            .toList());
  }
}
