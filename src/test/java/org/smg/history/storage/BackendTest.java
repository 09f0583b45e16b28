package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;

class BackendTest {

  @Test
  void historyIsKeptInMemoryUnlessAnAdministratorChooses() {
    assertThat(options(Map.of()).get(Backend.OPTION)).isEqualTo(Backend.MEMORY);
    assertThat(options(Map.of("history-backend", "none")).get(Backend.OPTION))
        .isEqualTo(Backend.NONE);
  }

  @Test
  void anUnknownBackendIsRefusedWithThoseThatThereAre() {
    Options options = options(Map.of("history-backend", "mongo"));
    options.get(Backend.OPTION);

    assertThatThrownBy(options::check)
        .hasMessage(
            "history-backend: 'mongo' is unknown; allowed are memory, none, oracle, postgres, redis");
  }

  private static Options options(Map<String, String> values) {
    return new Options(name -> Optional.ofNullable(values.get(name)));
  }
}
