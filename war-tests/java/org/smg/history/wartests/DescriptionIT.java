package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smg.history.api.ApiDescription;
import org.smg.history.api.ApiDescription.Operation;
import org.smg.history.api.ApiDescription.Part;
import tools.jackson.databind.JsonNode;

/** The description of the API is served, and its examples work. */
@ServedBy(MEMORY)
class DescriptionIT {

  private static final ApiDescription API = ApiDescription.read();

  private final Http http;

  DescriptionIT(ApplicationServer server) {
    http = server.http();
  }

  @Test
  void theFileOfTheSourceIsServed() throws IOException {
    Answer answer = stored(http.get("/v1/openapi.yaml"));

    assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
    assertThat(answer.text()).isEqualTo(Files.readString(ApiDescription.FILE));
  }

  /** An operation with each of its examples, or with none if it takes no body. */
  static Stream<Arguments> examples() {
    return API.operations().stream()
        .filter(operation -> !needsModelServer(operation))
        .flatMap(
            operation ->
                operation.node().has("requestBody")
                    ? bodies(operation).map(body -> Arguments.of(operation, body))
                    : Stream.of(Arguments.of(operation, null)));
  }

  /** The tests of the gateway have one. */
  private static boolean needsModelServer(Operation operation) {
    return operation.parameters().stream()
        .anyMatch(part -> part.node().path("name").asString().equals("X-Model-Authorization"));
  }

  private static Stream<String> bodies(Operation operation) {
    JsonNode content =
        API.resolved(operation.node().path("requestBody"))
            .at("content")
            .at("application/json")
            .node();
    assertThat(content.path("examples").size()).as(operation.toString()).isPositive();
    return content.path("examples").valueStream().map(example -> example.path("value").toString());
  }

  /** Http checks that the answer is one that is described. */
  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleWorks(Operation operation, String body) {
    Map<String, String> made = made(operation, MadeHistory.by(http));
    String target = "/v1" + operation.path();
    String query = "?";
    for (Part parameter : operation.parameters()) {
      String name = parameter.node().path("name").asString();
      JsonNode example = parameter.node().path("example");
      String place = parameter.node().path("in").asString();
      if (place.equals("path")) {
        target = target.replace("{" + name + "}", example.asString());
      } else if (place.equals("query") && example.isObject()) {
        for (String key : example.propertyNames()) {
          query += "%s[%s]=%s".formatted(name, key, example.path(key).asString());
        }
      } else if (place.equals("query") && !example.isMissingNode()) {
        query += name + "=" + example.asString();
      }
    }
    if (query.length() > 1) {
      target += query;
    }

    Answer answer =
        http.send(operation.method(), with(made, target), body == null ? null : with(made, body));

    assertThat(Integer.toString(answer.status()))
        .as(answer.toString())
        .isEqualTo(operation.node().path("responses").propertyNames().iterator().next());
  }

  /** The ids of the examples, and those of what stands for them on this server. */
  private static Map<String, String> made(Operation operation, MadeHistory made) {
    return Map.of(
        example("ConversationId"), made.conversation(),
        example("ItemId"), made.item(),
        example("ResponseId"),
            operation.method().equals("PUT") ? Fixtures.unique("resp") : made.response(),
        example("FeedbackId"), made.feedback());
  }

  private static String example(String parameter) {
    return API.root().node().at("/components/parameters/" + parameter + "/example").asString();
  }

  private static String with(Map<String, String> ids, String text) {
    String replaced = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      replaced = replaced.replace(id.getKey(), id.getValue());
    }
    return replaced;
  }
}
