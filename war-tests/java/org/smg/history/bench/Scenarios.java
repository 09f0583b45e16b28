package org.smg.history.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What applications do most. */
final class Scenarios {

  /** So that no conversation grows much longer than real ones. */
  private static final int CONVERSATIONS_PER_CONNECTION = 64;

  private static final int LISTED_CONVERSATIONS_PER_CONNECTION = 4;
  private static final int LISTED_ITEMS = 100;
  private static final int ITEMS_PER_REQUEST = 20;

  /** What a client sends to have a turn recorded. */
  static final int TURN_BYTES = 5 * 1024;

  private static final String PROSE =
      "Die Lieferung aus dem \u00bbGro\u00dflager\u00ab kommt am Montag.\\nThe \\\"history\\\" of a"
          + " chat keeps what was asked \u2013 and what was answered. ";

  private Scenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario("append 4 items of 1 KB", 0.6, Scenarios::append),
        new Scenario("list 100 items of 1 KB", 0.8, Scenarios::list),
        turns(),
        new Scenario("create a conversation", Double.NaN, Scenarios::create));
  }

  static Scenario turns() {
    return new Scenario("record a turn of 5 KB", 0.6, Scenarios::record);
  }

  private static List<Request> append(Load load) throws IOException {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS_PER_CONNECTION; i++) {
      requests.add(append(conversation(load), 4));
    }
    return requests;
  }

  private static List<Request> list(Load load) throws IOException {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < LISTED_CONVERSATIONS_PER_CONNECTION; i++) {
      String id = conversation(load);
      for (int stored = 0; stored < LISTED_ITEMS; stored += ITEMS_PER_REQUEST) {
        load.once(append(id, ITEMS_PER_REQUEST));
      }
      requests.add(
          new Request("GET", "/v1/conversations/" + id + "/items?limit=" + LISTED_ITEMS, ""));
    }
    return requests;
  }

  private static List<Request> record(Load load) throws IOException {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS_PER_CONNECTION; i++) {
      requests.add(
          new Request("PUT", "/v1/responses/resp_" + Request.NUMBER, turn(conversation(load))));
    }
    return requests;
  }

  private static List<Request> create(Load load) {
    return List.of(
        new Request("POST", "/v1/conversations", "{\"metadata\":{\"topic\":\"delivery\"}}"));
  }

  private static String conversation(Load load) throws IOException {
    String created = load.once(new Request("POST", "/v1/conversations", "{}"));
    int from = created.indexOf("\"conv_") + 1;
    return created.substring(from, created.indexOf('"', from));
  }

  private static Request append(String conversation, int items) {
    return new Request(
        "POST",
        "/v1/conversations/" + conversation + "/items",
        "{\"items\":[" + String.join(",", Collections.nCopies(items, message(1024))) + "]}");
  }

  /** A user's message as SDKs send it. */
  private static String message(int bytes) {
    return padded(
        bytes,
        "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"",
        "\"}],\"type\":\"message\"}");
  }

  /** A Response as model servers give it, and its input. */
  private static String turn(String conversation) {
    String input = "\"input\":[" + message(1024) + "],";
    String output =
        """
        "output":[{"id":"rs_#","type":"reasoning","summary":[{"type":"summary_text",\
        "text":"The user asks when a delivery comes."}]},{"id":"fc_#","type":"function_call",\
        "call_id":"call_1","name":"find_delivery","arguments":"{\\"number\\":\\"4711\\"}",\
        "status":"completed"},{"id":"msg_#","type":"message","role":"assistant",\
        "status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],\
        "text":\""""
            .replace("#", Request.NUMBER);
    String begin =
        """
        {"id":"resp_#","object":"response","created_at":1795348800,"completed_at":1795348803,\
        "status":"completed","background":false,"error":null,"incomplete_details":null,\
        "instructions":"Answer briefly.","max_output_tokens":null,"model":"gpt-5.1",\
        "parallel_tool_calls":true,"previous_response_id":null,"conversation":{"id":"%s"},\
        "reasoning":{"effort":"low","summary":"auto"},"service_tier":"default","store":true,\
        "temperature":1.0,"text":{"format":{"type":"text"},"verbosity":"medium"},\
        "tool_choice":"auto","tools":[{"type":"function","name":"find_delivery","description":\
        "Finds a delivery by its number.","parameters":{"type":"object","properties":{"number":\
        {"type":"string"}},"required":["number"],"additionalProperties":false},"strict":true}],\
        "top_p":0.98,"truncation":"disabled","metadata":{"application":"shop"},"usage":\
        {"input_tokens":321,"input_tokens_details":{"cached_tokens":128},"output_tokens":456,\
        "output_tokens_details":{"reasoning_tokens":64},"total_tokens":777},\
        """
            .formatted(conversation)
            .replace("#", Request.NUMBER);
    return padded(TURN_BYTES, begin + input + output, "\"}]}]}");
  }

  /** Prose between two texts, so that the whole has a size in UTF-8. */
  private static String padded(int bytes, String before, String after) {
    StringBuilder text = new StringBuilder(before);
    int left = bytes - utf8Length(before) - utf8Length(after);
    int proseLength = utf8Length(PROSE);
    for (; left >= proseLength; left -= proseLength) {
      text.append(PROSE);
    }
    return text.append("x".repeat(left)).append(after).toString();
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
