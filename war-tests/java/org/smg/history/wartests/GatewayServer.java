package org.smg.history.wartests;

import static org.smg.history.wartests.Fixtures.stored;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** A server, and the model server that it asks. */
record GatewayServer(ApplicationServer server, ScriptedModelServer model) implements AutoCloseable {

  static final String RESPONSES = "/v1/responses";

  /** More than this many bytes are not sent to the model server. */
  static final int LONGEST_REQUEST = 200_000;

  static GatewayServer start(TestBackend backend) {
    return start("gateway-" + backend.name().toLowerCase(Locale.ROOT), backend.options());
  }

  /**
   * @param options of the application, beside those of the model server
   */
  static GatewayServer start(String name, Map<String, String> options) {
    ScriptedModelServer model = ScriptedModelServer.start();
    Map<String, String> all = new TreeMap<>(options);
    all.put("MODEL_SERVER_URL", model.url());
    all.put("MODEL_SERVER_API_KEY", "sk-of-the-server");
    all.putIfAbsent("MODEL_SERVER_TIMEOUT_SECS", "5");
    all.put("MODEL_SERVER_MAX_REQUEST_BYTES", Integer.toString(LONGEST_REQUEST));
    return new GatewayServer(TestServer.chosen().start(name, all), model);
  }

  Http http() {
    return server.http();
  }

  /**
   * A turn that has been made.
   *
   * @param sent the body that the model server got
   */
  record Made(String sent, Answer answer) {

    String id() {
      return answer.id();
    }

    /** What the model was asked: context and input. */
    JsonNode input() {
      return sentJson().path("input");
    }

    JsonNode sentJson() {
      try {
        return new JsonMapper().readTree(sent);
      } catch (JsonProcessingException e) {
        throw new AssertionError(sent, e);
      }
    }
  }

  /** The body of a request. */
  static String request(String members) {
    return "{\"model\":\"m\",%s}".formatted(members);
  }

  /**
   * The body of a request in a conversation.
   *
   * @param input as JSON
   */
  static String in(String conversation, String input) {
    return request("\"conversation\":\"%s\",\"input\":%s".formatted(conversation, input));
  }

  /**
   * The body of a request that goes on from a response.
   *
   * @param input as JSON
   */
  static String after(String response, String input) {
    return request("\"previous_response_id\":\"%s\",\"input\":%s".formatted(response, input));
  }

  /** The body of the same request, for a stream of events. */
  static String streamed(String request) {
    return "{\"stream\":true," + request.substring(1);
  }

  /** A message of the model, under an id of its own. */
  static ModelItem says(String text) {
    return ModelItem.message(Fixtures.unique("msg"), text);
  }

  /** Asks for a response, and answers for the model. */
  Made ask(String request, ModelAnswer answer) {
    return ask(http(), request, answer);
  }

  Made ask(Http http, String request, ModelAnswer answer) {
    CompletableFuture<Answer> asked = asked(http, request);
    try (Call call = model.take()) {
      call.respond(answer);
      return new Made(call.body(), asked.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks for a response, which the test answers for the model. */
  CompletableFuture<Answer> asked(String request) {
    return asked(http(), request);
  }

  private static CompletableFuture<Answer> asked(Http http, String request) {
    return CompletableFuture.supplyAsync(() -> http.post(RESPONSES, request));
  }

  /** Asks for a response as a stream of events. */
  StreamReader stream(String request, String... headers) throws IOException {
    return StreamReader.post(server, RESPONSES, streamed(request), headers);
  }

  /** The response as it is stored. */
  JsonNode record(String id) {
    return stored(http().get(RESPONSES + "/" + id)).json();
  }

  /** A conversation's items, or a response's input, oldest first. */
  Answer list(String path) {
    return stored(http().get(path + "?order=asc&limit=100"));
  }

  @Override
  public void close() throws IOException {
    server.close();
    model.close();
  }

  /** Tells the runs of one test class apart. */
  @Override
  public String toString() {
    return server.toString();
  }
}
