package org.smg.history.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;

class MemoryOptionsTest {

  @Test
  void theNumberOfConversationsIsUnlimitedByDefault() {
    assertThat(MemoryOptions.read(new Options(name -> Optional.empty())).maxConversations())
        .isZero();
  }

  @Test
  void aNegativeNumberOfConversationsIsRefused() {
    assertThatThrownBy(() -> MemoryOptions.read(new Options(name -> Optional.of("-1"))))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage("memory-max-conversations: '-1' is not a whole number from 0 to 2147483647");
  }
}
