package org.smg.history.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.smg.history.api.ApiDescription.Operation;
import org.smg.history.api.ApiDescription.Part;
import org.smg.history.json.EnumNames;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Rating;
import org.smg.history.model.ResponseStatus;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.rules.Limits;
import org.smg.history.security.Endpoint;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** {@code openapi.yaml} against the code, and against itself. */
class ApiDescriptionTest {

  private static final ApiDescription API = ApiDescription.read();

  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([^}]*)}");

  /** What can happen to every request. */
  private static final Set<String> EVERYWHERE = Set.of("400", "401", "403", "429", "500", "503");

  static List<Operation> operations() {
    return API.operations();
  }

  /** EndpointTest holds the rows of Endpoint against the annotations of the resources. */
  @Test
  void everyEndpointIsDescribedAndNothingElse() {
    assertThat(operations())
        .extracting(Operation::toString)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Endpoint.values()).map(row -> row.method() + " " + row.path()).toList());
  }

  @Test
  void everyOperationHasANameOfItsOwn() {
    assertThat(operations())
        .extracting(operation -> operation.node().path("operationId").asString(""))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z]+[A-Za-z]*"));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationHasItsErrorAnswers(Operation operation) {
    Set<String> expected = new TreeSet<>(EVERYWHERE);
    Set<String> names = new TreeSet<>(names(operation, "path"));
    names.addAll(names(operation, "query"));
    if (!names(operation, "path").isEmpty() || names.contains("after") || creates(operation)) {
      expected.add("404");
    }
    if (names(operation, "header").contains(IdempotencyKey.HEADER)) {
      expected.add("409");
    }
    if (operation.node().has("requestBody")) {
      expected.addAll(asksModel(operation) ? List.of("415") : List.of("413", "415"));
    }
    if (asksModel(operation)) {
      expected.addAll(List.of("502", "504", "default"));
    }
    Set<String> described = new TreeSet<>(operation.node().path("responses").propertyNames());

    assertThat(described).containsAll(expected);
    expected.add("200");
    assertThat(expected).containsAll(described);
  }

  private static boolean asksModel(Operation operation) {
    return names(operation, "header").contains("X-Model-Authorization");
  }

  /** What is created may refer to what is stored. */
  private static boolean creates(Operation operation) {
    return Set.of("POST /conversations", "POST /responses").contains(operation.toString());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationIsSummedUp(Operation operation) {
    assertThat(operation.node().path("summary").asString("")).isNotBlank();
    assertThat(
            StreamSupport.stream(API.root().node().path("tags").spliterator(), false)
                .map(tag -> tag.path("name").asString("")))
        .contains(operation.node().path("tags").path(0).asString(""));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void thePathHasExactlyItsParameters(Operation operation) {
    assertThat(names(operation, "path"))
        .containsExactlyElementsOf(
            PATH_PARAMETER
                .matcher(operation.path())
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toList()));
  }

  /** All are carried out once by a key, but what is passed on to a model server. */
  @ParameterizedTest
  @MethodSource("operations")
  void postsTakeAnIdempotencyKey(Operation operation) {
    boolean takesKey =
        operation.method().equals("POST")
            && (!asksModel(operation) || operation.toString().equals("POST /responses"))
            && !operation.path().endsWith("/cancel");

    assertThat(names(operation, "header").contains(IdempotencyKey.HEADER)).isEqualTo(takesKey);
  }

  private static List<String> names(Operation operation, String in) {
    return operation.parameters().stream()
        .map(Part::node)
        .filter(parameter -> parameter.path("in").asString("").equals(in))
        .map(parameter -> parameter.path("name").asString(""))
        .toList();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = API.root().node().findValues("$ref");

    assertThat(references)
        .isNotEmpty()
        .allSatisfy(
            reference -> {
              assertThat(reference.asString()).startsWith("#/");
              assertThat(API.root().node().at(reference.asString().substring(1)).isMissingNode())
                  .as(reference.asString())
                  .isFalse();
            });
  }

  /** What nothing refers to would not be checked by any traffic either. */
  @Test
  void everyComponentIsUsed() {
    Set<String> used =
        API.root().node().findValues("$ref").stream()
            .map(JsonNode::asString)
            .collect(Collectors.toSet());
    List<String> there = new ArrayList<>();
    for (String kind : List.of("parameters", "requestBodies", "responses", "headers", "schemas")) {
      API.root()
          .node()
          .path("components")
          .path(kind)
          .propertyNames()
          .forEach(name -> there.add("#/components/" + kind + "/" + name));
    }

    assertThat(used).containsExactlyInAnyOrderElementsOf(there);
  }

  @ParameterizedTest
  @CsvSource({"requestBodies", "responses"})
  void everyExampleFitsItsSchema(String kind) {
    Part components = API.root().at("components").at(kind);
    int examples = 0;
    int inJson = 0;
    for (String name : components.node().propertyNames()) {
      Part content = components.at(name).at("content").at("application/json");
      inJson += content.node().isMissingNode() ? 0 : 1;
      List<JsonNode> values = new ArrayList<>();
      content.node().path("examples").forEach(example -> values.add(example.path("value")));
      if (content.node().has("example")) {
        values.add(content.node().path("example"));
      }
      for (JsonNode value : values) {
        assertThat(API.faults(API.followed(content.at("schema")), value)).as(name).isEmpty();
        examples++;
      }
    }
    assertThat(examples).isGreaterThanOrEqualTo(inJson);
  }

  @Test
  void theExamplesOfPathsAreIds() {
    for (Operation operation : operations()) {
      for (Part parameter : operation.parameters()) {
        if (parameter.node().has("example")) {
          assertThat(
                  API.faults(
                      API.followed(parameter.at("schema")), parameter.node().path("example")))
              .as(parameter.pointer())
              .isEmpty();
        }
      }
    }
  }

  @Test
  void limitsAreThoseOfTheCode() {
    assertThat(number("parameters/Limit/schema/maximum")).isEqualTo(Limits.PAGE_SIZE);
    assertThat(number("parameters/Limit/schema/default")).isEqualTo(Limits.DEFAULT_PAGE_SIZE);
    assertThat(number("schemas/ItemList/properties/data/maxItems")).isEqualTo(Limits.PAGE_SIZE);
    assertThat(number("schemas/NewItems/properties/items/maxItems"))
        .isEqualTo(Limits.ITEMS_PER_REQUEST);
    assertThat(number("schemas/NewConversation/properties/items/maxItems"))
        .isEqualTo(Limits.ITEMS_PER_REQUEST);
    assertThat(number("schemas/Turn/properties/output/maxItems")).isEqualTo(Limits.ITEMS_PER_TURN);
    assertThat(number("schemas/Turn/properties/input/oneOf/1/maxItems"))
        .isEqualTo(Limits.ITEMS_PER_TURN);
    assertThat(number("schemas/DeletionByFilter/properties/deleted/maximum"))
        .isEqualTo(Limits.DELETED_BY_REQUEST);
    assertThat(number("schemas/Id/maxLength")).isEqualTo(Limits.ID_LENGTH);
    assertThat(number("parameters/IdempotencyKey/schema/maxLength")).isEqualTo(Limits.ID_LENGTH);
    assertThat(number("schemas/Field/maxLength")).isEqualTo(Limits.FIELD_LENGTH);
    assertThat(number("schemas/Comment/maxLength")).isEqualTo(Limits.COMMENT_LENGTH);
  }

  @Test
  void wordsAreThoseOfTheCode() {
    assertThat(words("Rating")).containsExactlyElementsOf(names(Rating.values()));
    assertThat(words("ResponseStatus"))
        .containsExactlyInAnyOrderElementsOf(names(ResponseStatus.values()));
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(EnumNames::of).toList();
  }

  private static List<String> words(String schema) {
    return StreamSupport.stream(component("schemas/" + schema + "/enum").spliterator(), false)
        .map(JsonNode::asString)
        .toList();
  }

  private static long number(String pointer) {
    return component(pointer).asLong();
  }

  private static JsonNode component(String pointer) {
    return API.root().node().at("/components/" + pointer);
  }

  /** The ids that Limits refuses and takes, by its own tests. */
  @ParameterizedTest
  @CsvSource({
    "a,true",
    "é 1,true",
    "a;b,true",
    ".a,true",
    "..,false",
    ".;a,false",
    ";a,false",
    "a/b,false",
    "a\\b,false",
    "a#b,false",
    "a:b,false",
    "a;jsessionid=b,false",
    "a\tb,false"
  })
  void idsAreThoseOfTheCode(String id, boolean allowed) {
    assertThat(taken(id)).isEqualTo(allowed);
    assertThat(
            API.faults(API.root().at("components").at("schemas").at("Id"), StringNode.valueOf(id))
                .isEmpty())
        .isEqualTo(allowed);
  }

  private static boolean taken(String id) {
    try {
      Limits.checkId("id", id);
      return true;
    } catch (HistoryFailure.Invalid refused) {
      return false;
    }
  }
}
