package org.smg.history.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;

class MemoryOptionsTest {

  @Test
  void halfOfTheHeapIsUsedByDefault() {
    assertThat(MemoryOptions.read(new Options(name -> Optional.empty())).maxBytes())
        .isCloseTo(Runtime.getRuntime().maxMemory() / 2, Offset.offset(1L << 20));
  }

  @Test
  void aMegabyteHas1048576Bytes() {
    assertThat(MemoryOptions.read(new Options(name -> Optional.of("3"))).maxBytes())
        .isEqualTo(3 * 1_048_576);
  }

  @Test
  void noMegabytesAreRefused() {
    assertThatThrownBy(() -> MemoryOptions.read(new Options(name -> Optional.of("0"))))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage("memory-max-megabytes: '0' is not a whole number from 1 to 2147483647");
  }
}
