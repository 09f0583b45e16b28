package org.smg.history.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;

class WindowTest {

  @Test
  void aPageAfterACursorIsReadAsItIs() {
    Page<String> page =
        new Window(2, Order.ASC, "b", null)
            .read(
                asked -> {
                  assertThat(asked).isEqualTo(new PageRequest(2, Order.ASC, "b"));
                  return new Page<>(List.of("c", "d"), true);
                });

    assertThat(page).isEqualTo(new Page<>(List.of("c", "d"), true));
  }

  @Test
  void aPageBeforeACursorIsReadBackwardsAndTurnedRound() {
    Page<String> page =
        new Window(2, Order.ASC, null, "d")
            .read(
                asked -> {
                  assertThat(asked).isEqualTo(new PageRequest(2, Order.DESC, "d"));
                  return new Page<>(List.of("c", "b"), true);
                });

    assertThat(page).isEqualTo(new Page<>(List.of("b", "c"), true));
  }

  @Test
  void bothCursorsAreRefused() {
    assertThatThrownBy(() -> new Window(2, Order.ASC, "a", "d"))
        .isInstanceOf(HistoryFailure.Invalid.class)
        .hasMessageContaining("'after' and 'before'");
  }
}
