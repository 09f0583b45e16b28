package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.words;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.says;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.ScriptedModelServer.Call;

/**
 * What becomes of a run when GlassFish is stopped, which closes connections before it tells the
 * application.
 */
@OnGlassFish
@OnOneGlassFish
class ResponseStopIT {

  @Test
  void aRunIsRecordedAsFailedWithWhatHadArrived() throws IOException {
    Map<String, String> options = TestBackend.POSTGRES.options();
    String conversation;
    String id;
    try (GatewayServer gateway = GatewayServer.start("responses-stop", options)) {
      conversation = Fixtures.conversation(gateway.http());
      try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""));
          Call call = gateway.model().take()) {
        call.stream();
        List<String> events = ModelAnswer.completed(says("Take an umbrella.")).events();
        call.chunk(events.get(0));
        id = SentEvent.next(caller).response().path("id").textValue();
        for (String event : events.subList(1, 5)) {
          call.chunk(event);
          SentEvent.next(caller);
        }

        gateway.server().close();
      }
    }

    try (GatewayServer gateway = GatewayServer.start("responses-stopped", options)) {
      JsonNode record = gateway.record(id);
      assertThat(record.path("status").textValue()).isEqualTo("failed");
      assertThat(record.path("error").path("code").textValue()).isEqualTo("service_stopping");
      assertThat(words(record.path("output"))).containsExactly("Take ");
      stored(gateway.ask(in(conversation, "\"q2\""), ModelAnswer.completed(says("a2"))).answer());
    }
  }
}
