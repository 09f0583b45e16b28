package org.smg.history.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events, in whatever pieces they arrive. */
class EventReaderTest {

  private static final String STREAM =
      ": comment\n\ndata: one\n\nevent: e\r\ndata:two\r\n\r\ndata: a\ndata: b\n\n\ndata: é";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void whateverThePieces(int size) {
    EventReader reader = new EventReader();
    List<String> data = new ArrayList<>();
    StringBuilder relayed = new StringBuilder();
    byte[] bytes = STREAM.getBytes(UTF_8);
    for (int at = 0; at < bytes.length; at += size) {
      byte[] piece = java.util.Arrays.copyOfRange(bytes, at, Math.min(at + size, bytes.length));
      for (EventReader.Event event : reader.read(piece)) {
        data.add(new String(event.data(), UTF_8));
        relayed.append(new String(event.bytes(), UTF_8));
      }
    }
    relayed.append(new String(reader.rest(), UTF_8));

    assertThat(data).containsExactly("", "one", "two", "a\nb");
    assertThat(relayed.toString()).isEqualTo(STREAM);
  }
}
