package org.smg.history.wartests;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.smg.history.api.ApiDescription;
import org.smg.history.api.ApiDescription.Operation;
import org.smg.history.api.ApiDescription.Part;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Holds what the tests send and get against {@code openapi.yaml}: every answer must be described,
 * and so must every request that was answered with 2xx. What is not traffic of the API is passed
 * over: a path or method that is not in the file, and an error of the HTTP server itself, which has
 * no {@code x-request-id} or, if the request broke off while the service read it, is 400 and empty.
 */
final class DescribedTraffic {

  private static final ApiDescription API = ApiDescription.read();
  private static final String ROOT = "/v1";

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
              .build());

  private final Operation operation;
  private final String target;
  private final Answer answer;

  private DescribedTraffic(Operation operation, String target, Answer answer) {
    this.operation = operation;
    this.target = target;
    this.answer = answer;
  }

  /**
   * Fails where an exchange is not described.
   *
   * @param headers of the request, as whole lines
   * @param body of the request, which is asked for if the request was accepted; empty for none
   */
  static void check(
      String method, String target, List<String> headers, Supplier<byte[]> body, Answer answer) {
    operation(method, target)
        .map(operation -> new DescribedTraffic(operation, target, answer))
        .ifPresent(
            traffic -> {
              if (traffic.isOfTheService()) {
                traffic.checkAnswer();
                if (answer.status() / 100 == 2) {
                  traffic.checkParameters(headers);
                  traffic.checkBody(headers, body.get());
                }
              }
            });
  }

  private static Optional<Operation> operation(String method, String target) {
    return target.startsWith(ROOT + "/")
        ? API.operations().stream()
            .filter(operation -> operation.method().equals(method))
            .filter(operation -> matches(operation, segments(pathOf(target))))
            .findAny()
        : Optional.empty();
  }

  private static boolean matches(Operation operation, String[] sent) {
    String[] described = segments(operation.path());
    boolean same = described.length == sent.length;
    for (int i = 0; i < described.length && same; i++) {
      same = described[i].startsWith("{") ? !sent[i].isEmpty() : described[i].equals(sent[i]);
    }
    return same;
  }

  private static String[] segments(String path) {
    return path.split("/", -1);
  }

  /** The path below the root, without the query. */
  private static String pathOf(String target) {
    int query = target.indexOf('?');
    return target.substring(ROOT.length(), query < 0 ? target.length() : query);
  }

  private boolean isOfTheService() {
    if (answer.header("x-request-id") != null) {
      return answer.status() != 400 || answer.body().length > 0;
    }
    require(answer.status() >= 400, "a success without x-request-id");
    return false;
  }

  private void checkAnswer() {
    JsonNode responses = operation.node().path("responses");
    String sent = Integer.toString(answer.status());
    String status = responses.has(sent) ? sent : "default";
    require(responses.has(status), "an answer " + sent + " is not described");
    Part response = API.resolved(responses.path(status));
    for (String name : response.node().path("headers").propertyNames()) {
      Part header = API.resolved(response.node().path("headers").path(name));
      checkValues(
          "header " + name,
          header,
          answer.header(name) == null ? List.of() : List.of(answer.header(name)));
    }
    String type = mediaType(answer.header("Content-Type"));
    Part content = response.at("content").at(type);
    require(!content.node().isMissingNode(), "the type '" + type + "' is not described");
    checkSchema("the answer", content.at("schema"), content(type));
  }

  private JsonNode content(String type) {
    if (type.endsWith("yaml")) {
      return YAML.readTree(answer.body());
    }
    return type.endsWith("json") ? json(answer.body()) : StringNode.valueOf(answer.text());
  }

  private void checkParameters(List<String> headers) {
    Map<String, List<String>> query = query();
    for (Part parameter : operation.parameters()) {
      String name = parameter.node().path("name").asString();
      String where = parameter.node().path("in").asString() + " parameter " + name;
      switch (parameter.node().path("in").asString()) {
        case "path" -> checkValues(where, parameter, List.of(segment(name)));
        case "header" -> checkValues(where, parameter, values(headers, name));
        default -> {
          if (parameter.node().path("style").asString("").equals("deepObject")) {
            checkSchema(where, parameter.at("schema"), members(query, name));
          } else {
            checkValues(where, parameter, query.getOrDefault(name, List.of()));
          }
        }
      }
    }
  }

  private void checkBody(List<String> headers, byte[] sent) {
    if (!operation.node().has("requestBody")) {
      return;
    }
    Part described = API.resolved(operation.node().path("requestBody"));
    if (sent.length == 0) {
      require(!described.node().path("required").asBoolean(), "a request without its body");
      return;
    }
    String type =
        values(headers, "Content-Type").stream().map(DescribedTraffic::mediaType).findFirst().get();
    // One of the many names of JSON, which a description cannot list.
    require(type.matches("application/(json|.*\\+json)"), "a request of the type '" + type + "'");
    checkSchema(
        "the body", described.at("content").at("application/json").at("schema"), json(sent));
  }

  /** Checks a parameter or a header, of which there may be none. */
  private void checkValues(String where, Part described, List<String> sent) {
    if (sent.isEmpty()) {
      require(!described.node().path("required").asBoolean(), "there is no " + where);
      return;
    }
    String type = API.followed(described.at("schema")).node().path("type").asString("string");
    if (type.equals("array")) {
      ArrayNode all = JsonNodeFactory.instance.arrayNode();
      sent.forEach(all::add);
      checkSchema(where, described.at("schema"), all);
    } else {
      require(sent.size() == 1, "more than one " + where);
      checkSchema(where, described.at("schema"), value(type, sent.get(0)));
    }
  }

  private static JsonNode value(String type, String sent) {
    return switch (type) {
      case "integer" ->
          sent.matches("-?[0-9]{1,18}")
              ? LongNode.valueOf(Long.parseLong(sent))
              : StringNode.valueOf(sent);
      case "boolean" ->
          sent.matches("true|false")
              ? BooleanNode.valueOf(Boolean.parseBoolean(sent))
              : StringNode.valueOf(sent);
      default -> StringNode.valueOf(sent);
    };
  }

  private void checkSchema(String what, Part schema, JsonNode value) {
    String faults = API.faults(API.followed(schema), value);
    require(faults.isEmpty(), what + ": " + faults);
  }

  private String segment(String name) {
    String[] described = segments(operation.path());
    String[] sent = segments(pathOf(target));
    for (int i = 0; i < described.length; i++) {
      if (described[i].equals("{" + name + "}")) {
        return decoded(sent[i].replace("+", "%2B"));
      }
    }
    throw new AssertionError(operation + " has no parameter " + name);
  }

  private Map<String, List<String>> query() {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    int begin = target.indexOf('?');
    if (begin >= 0) {
      for (String parameter : target.substring(begin + 1).split("&")) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        parameters.computeIfAbsent(decoded(name), any -> new ArrayList<>()).add(decoded(value));
      }
    }
    return parameters;
  }

  /** The parameters {@code name[key]}, as an object. */
  private static ObjectNode members(Map<String, List<String>> query, String name) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    query.forEach(
        (parameter, values) -> {
          if (parameter.startsWith(name + "[") && parameter.endsWith("]")) {
            members.put(
                parameter.substring(name.length() + 1, parameter.length() - 1), values.get(0));
          }
        });
    return members;
  }

  private static List<String> values(Collection<String> headers, String name) {
    String begin = name.toLowerCase(Locale.ROOT) + ":";
    return headers.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(begin))
        .map(line -> line.substring(begin.length()).strip())
        .toList();
  }

  private static String mediaType(String header) {
    return header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw fault("no JSON: " + e.getMessage());
    }
  }

  private void require(boolean described, String otherwise) {
    if (!described) {
      throw fault(otherwise);
    }
  }

  private AssertionError fault(String fault) {
    return new AssertionError(
        "Not as openapi.yaml describes %s: %s%nasked for: %s%nanswered: %s"
            .formatted(operation, fault, target, answer));
  }
}
