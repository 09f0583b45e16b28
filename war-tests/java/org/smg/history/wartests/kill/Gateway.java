package org.smg.history.wartests.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One server, as a caller sees it. */
final class Gateway {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String DATA = "data: ";

  /** What a server may answer while something that it needs is dead. */
  private static final Map<Integer, Set<String>> REFUSALS =
      Map.of(
          409, Set.of("idempotency_key_in_progress"),
          502, Set.of("model_server_error"),
          503, Set.of("", "history_unavailable", "service_stopping"),
          504, Set.of("model_server_timeout"));

  private final HttpClient client;
  private final String url;

  /**
   * @param url without {@code /v1}
   */
  Gateway(HttpClient client, String url) {
    this.client = client;
    this.url = url;
  }

  String newConversation() throws IOException {
    return JSON.readTree(accepted(request("/conversations").POST(BodyPublishers.ofString("{}"))))
        .path("id")
        .stringValue();
  }

  /**
   * Sends a turn and reads its answer to the end.
   *
   * @param arrived runs at each event of a stream
   * @throws AssertionError if the answer is none that a dead process explains
   */
  Reply send(Turn turn, Runnable arrived) {
    HttpRequest request =
        request("/responses")
            .header("Idempotency-Key", turn.name())
            .POST(BodyPublishers.ofString(turn.body()))
            .build();
    try {
      HttpResponse<Stream<String>> answer = send(request, BodyHandlers.ofLines());
      try (Stream<String> lines = answer.body()) {
        if (answer.statusCode() != 200) {
          boolean ofTheService = answer.headers().firstValue("x-request-id").isPresent();
          return refused(turn, answer.statusCode(), whole(lines), ofTheService);
        }
        JsonNode response = turn.isStream() ? last(lines, arrived) : JSON.readTree(whole(lines));
        return response.path("status").asString("").equals("completed")
            ? Reply.of(acknowledged(turn, response))
            : Reply.without(response.toString());
      }
    } catch (IOException | UncheckedIOException lost) {
      return Reply.without(lost.toString());
    }
  }

  /**
   * @param ofTheService false for a server that listens before the application has started
   */
  private static Reply refused(Turn turn, int status, String body, boolean ofTheService) {
    if (!ofTheService) {
      return Reply.without(status + " " + body);
    }
    String code = JSON.readTree(body).path("error").path("code").asString("");
    if (!REFUSALS.getOrDefault(status, Set.of()).contains(code)) {
      throw new AssertionError("%s: %d %s".formatted(turn, status, body));
    }
    return Reply.without(status + " " + body);
  }

  private static String whole(Stream<String> lines) {
    return String.join("\n", lines.toList());
  }

  /** The Response of the last event that arrived, in whatever state it is. */
  private static JsonNode last(Stream<String> lines, Runnable arrived) {
    JsonNode last = JSON.missingNode();
    try {
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith(DATA) && !line.endsWith("[DONE]")) {
          arrived.run();
          last = JSON.readTree(line.substring(DATA.length()));
        }
      }
    } catch (UncheckedIOException brokenOff) {
      // What was told before is told.
    }
    return last.path("response");
  }

  private static Acknowledged acknowledged(Turn turn, JsonNode response) {
    return new Acknowledged(
        turn, response.path("id").stringValue(), ids(response.path("output")).toList());
  }

  private static Stream<String> ids(JsonNode list) {
    return entries(list).map(entry -> entry.path("id").stringValue());
  }

  private static Stream<JsonNode> entries(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  /** All items of a conversation, oldest first. */
  Stream<StoredHistory.Item> items(String conversation) throws IOException {
    return all("/conversations/" + conversation + "/items?")
        .map(item -> new StoredHistory.Item(item.path("id").stringValue(), text(item)));
  }

  private static String text(JsonNode item) {
    JsonNode parts = item.has("content") ? item.path("content") : item.path("summary");
    return parts.path(0).path("text").asString("");
  }

  /** All responses that were made in a conversation. */
  Stream<StoredHistory.Response> responses(String conversation) throws IOException {
    return all("/responses?conversation=" + conversation + "&")
        .map(
            response ->
                new StoredHistory.Response(
                    response.path("id").stringValue(),
                    conversation,
                    response.path("status").stringValue(),
                    ids(response.path("output")).toList()));
  }

  private Stream<JsonNode> all(String list) throws IOException {
    Stream<JsonNode> all = Stream.empty();
    String after = "";
    boolean more = true;
    while (more) {
      JsonNode page = JSON.readTree(accepted(request(list + "order=asc&limit=100" + after)));
      all = Stream.concat(all, entries(page.path("data")));
      more = page.path("has_more").booleanValue();
      after = "&after=" + page.path("last_id").asString("");
    }
    return all;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + "/v1" + path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json");
  }

  private String accepted(HttpRequest.Builder request) throws IOException {
    HttpResponse<String> answer = send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer + ": " + answer.body());
    }
    return answer.body();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    try {
      return client.send(request, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
