package org.smg.history.wartests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.Stream;

/** The events that a server with {@code history-log-format=json} has written to its log. */
final class LoggedEvents {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String BEGIN = "{\"event\":";

  private final ApplicationServer server;

  LoggedEvents(ApplicationServer server) {
    this.server = server;
  }

  /** In the order in which they were written. Fails where a line that begins as one is none. */
  List<JsonNode> all() {
    return lines().filter(line -> line.contains(BEGIN)).map(LoggedEvents::read).toList();
  }

  List<JsonNode> named(String event) {
    return all().stream().filter(node -> node.get("event").textValue().equals(event)).toList();
  }

  /** Those of one request by their name: on a busy machine any operation may be slow as well. */
  List<JsonNode> of(Answer answer, String event) {
    String id = answer.header("x-request-id");
    return named(event).stream()
        .filter(node -> id.equals(node.path("request_id").textValue()))
        .toList();
  }

  /** Waits for the only event of this name that a request has. */
  JsonNode awaitOne(Answer answer, String event) {
    Writers.await("no " + event + " in the log", () -> !of(answer, event).isEmpty());
    List<JsonNode> events = of(answer, event);
    if (events.size() > 1) {
      throw new AssertionError("more than one event: " + events);
    }
    return events.get(0);
  }

  /** Open Liberty writes warnings to its console as well. */
  private Stream<String> lines() {
    return (server instanceof LibertyServer liberty ? liberty.read("messages.log") : server.log())
        .lines();
  }

  /** The servers write something before it, and GlassFish brackets behind it. */
  private static JsonNode read(String line) {
    String json = line.substring(line.indexOf(BEGIN), line.lastIndexOf('}') + 1);
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }
}
