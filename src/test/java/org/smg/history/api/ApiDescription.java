package org.smg.history.api;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code openapi.yaml}, as it is in the source: its operations, and its schemas to check with. */
public final class ApiDescription {

  public static final Path FILE = Path.of("src/main/resources/META-INF/openapi.yaml");

  /** The end of the name tells the validator that the file is YAML. */
  private static final String BASE = "https://history.example/openapi.yaml";

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final JsonNode root;
  private final List<Operation> operations;
  private final SchemaRegistry registry;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  private ApiDescription(String yaml) {
    root = new YAMLMapper().readTree(yaml);
    registry =
        SchemaRegistry.withDialect(
            Dialects.getDraft202012(), builder -> builder.schemas(Map.of(BASE, yaml)));
    operations =
        root.path("paths").properties().stream()
            .flatMap(
                path ->
                    path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .map(
                            member ->
                                new Operation(
                                    member.getKey().toUpperCase(),
                                    path.getKey(),
                                    parameters(path.getValue(), member.getValue()),
                                    member.getValue())))
            .toList();
  }

  public static ApiDescription read() {
    try {
      return new ApiDescription(Files.readString(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One method of one path.
   *
   * @param path below {@code /v1}, with the names of its parameters in braces
   * @param parameters of the path and of the method
   */
  public record Operation(String method, String path, List<Part> parameters, JsonNode node) {

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /**
   * A part of the file.
   *
   * @param pointer where it stands, as a JSON pointer
   */
  public record Part(String pointer, JsonNode node) {

    public Part at(String member) {
      return new Part(
          pointer + "/" + member.replace("~", "~0").replace("/", "~1"), node.path(member));
    }
  }

  public Part root() {
    return new Part("", root);
  }

  public List<Operation> operations() {
    return operations;
  }

  /** What a part says, or what the part says to which its {@code $ref} leads. */
  public Part resolved(JsonNode part) {
    String reference = part.path("$ref").asString("");
    if (!reference.startsWith("#/")) {
      throw new AssertionError("Expected a reference into this file, but got " + part);
    }
    return new Part(reference.substring(1), root.at(reference.substring(1)));
  }

  /** The part itself, or what its {@code $ref} leads to. */
  public Part followed(Part part) {
    return part.node().has("$ref") ? resolved(part.node()) : part;
  }

  private List<Part> parameters(JsonNode path, JsonNode operation) {
    List<Part> all = new ArrayList<>();
    path.path("parameters").forEach(parameter -> all.add(resolved(parameter)));
    operation.path("parameters").forEach(parameter -> all.add(resolved(parameter)));
    return all;
  }

  /** What is wrong with a value by the schema at this place; empty if nothing is. */
  public String faults(Part schema, JsonNode value) {
    return schemas
        .computeIfAbsent(
            schema.pointer(),
            pointer -> registry.getSchema(SchemaLocation.of(BASE + "#" + pointer)))
        .validate(value)
        .stream()
        .map(Error::toString)
        .collect(Collectors.joining("; "));
  }
}
