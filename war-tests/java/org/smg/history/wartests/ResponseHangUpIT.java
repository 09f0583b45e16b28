package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.words;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.says;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** Where a caller that hangs up is to end its response, and where a model server is long silent. */
@OnLiberty
class ResponseHangUpIT {

  @Test
  void aModelServerIsNotAskedForWhatNobodyReads() throws IOException {
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.put("MODEL_SERVER_ON_HANG_UP", "cancel");
    options.put("MODEL_SERVER_TIMEOUT_SECS", "60");
    try (GatewayServer gateway = GatewayServer.start("responses-hang-up", options)) {
      String conversation = Fixtures.conversation(gateway.http());
      String id;
      List<String> events = ModelAnswer.completed(says("Take an umbrella.")).events();
      Call call;
      try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""))) {
        call = gateway.model().take();
        call.stream();
        call.chunk(events.get(0));
        id = SentEvent.next(caller).response().path("id").textValue();
        // The model server is silent, and balancers cut what is silent for a minute.
        assertThat(caller.event()).startsWith(":").endsWith("\n\n");
        for (String event : events.subList(1, 5)) {
          call.chunk(event);
          SentEvent.next(caller);
        }
      }
      try (call) {
        Writers.await("the call goes on", () -> isCutOff(call, events.get(5)));
      }
      Writers.await(
          "the run has not ended",
          () -> gateway.record(id).path("status").textValue().equals("failed"));

      JsonNode record = gateway.record(id);
      assertThat(words(record.path("output")).get(0)).startsWith("Take ");
      assertThat(gateway.list(items(conversation)).ids()).isEmpty();
      stored(gateway.ask(in(conversation, "\"q2\""), ModelAnswer.completed(says("a2"))).answer());
    }
  }

  private static boolean isCutOff(Call call, String event) {
    try {
      call.chunk(event);
      return false;
    } catch (IOException closed) {
      return true;
    }
  }
}
