package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An event of a stream of responses, as a caller gets it. */
record SentEvent(String type, JsonNode data) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String DONE = "data: [DONE]";

  /** Reads one event, whose name and type must be the same. */
  static SentEvent of(String text) {
    List<String> lines = text.lines().filter(line -> !line.isEmpty()).toList();
    assertThat(lines).as(text).hasSize(2);
    assertThat(lines.get(0)).as(text).startsWith("event: ");
    assertThat(lines.get(1)).as(text).startsWith("data: ");
    try {
      JsonNode data = JSON.readTree(lines.get(1).substring("data: ".length()));
      String type = lines.get(0).substring("event: ".length());
      assertThat(data.path("type").textValue()).as(text).isEqualTo(type);
      return new SentEvent(type, data);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /**
   * The events of a whole stream, without comments and the mark at its end. Fails unless they are
   * numbered from 0 on.
   */
  static List<SentEvent> all(String stream) {
    assertThat(stream).endsWith("\n\n");
    List<SentEvent> events =
        Arrays.stream(stream.split("\n\n"))
            .filter(text -> !text.startsWith(":") && !text.equals(DONE))
            .map(SentEvent::of)
            .toList();
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).data().path("sequence_number").intValue()).as(stream).isEqualTo(i);
    }
    return events;
  }

  /** The rest of a stream. */
  static List<SentEvent> rest(StreamReader caller) throws IOException {
    List<SentEvent> events = new ArrayList<>();
    for (String text = caller.event(); text != null; text = caller.event()) {
      if (!text.startsWith(":") && !text.startsWith(DONE)) {
        events.add(of(text));
      }
    }
    return events;
  }

  /** The next event that is no comment. */
  static SentEvent next(StreamReader caller) throws IOException {
    String text = caller.event();
    while (text != null && text.startsWith(":")) {
      text = caller.event();
    }
    assertThat(text).as("the stream has ended").isNotNull();
    return of(text);
  }

  JsonNode response() {
    return data.path("response");
  }
}
