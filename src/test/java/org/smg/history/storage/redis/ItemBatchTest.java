package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Scope;

class ItemBatchTest {

  @Test
  @Timeout(30)
  void aBatchThatStaysUnresolvedIsGivenUpInBoundedTimeWithPauses() {
    ItemBatch batch = ItemBatch.of(Scope.ofTenant("tenant"), List.of(message("msg_1")));
    ScriptReply nothing = new ScriptReply(List.of());
    int[] attempts = {0};
    long begun = System.nanoTime();

    assertThatThrownBy(
            () -> {
              while (true) {
                batch.resolve(nothing, null);
                attempts[0]++;
              }
            })
        .isInstanceOf(HistoryFailure.Unavailable.class)
        .hasMessageContaining("nothing was stored");

    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(BoundedWait.LIMIT, BoundedWait.LIMIT.plusSeconds(3));
    // A pause takes 10 ms on average.
    assertThat(attempts[0]).isBetween(2, 300);
  }
}
