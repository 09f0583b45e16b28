package org.smg.history.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;

class LateEndsTest {

  private final List<String> tried = new ArrayList<>();
  private boolean away = true;

  private void end(String run) {
    tried.add(run);
    if (away) {
      throw new HistoryFailure.Unavailable("away", null);
    }
    if (run.equals("ended")) {
      throw new HistoryFailure.RunEnded(run);
    }
  }

  @Test
  void endsAreTriedInOrderUntilTheHistoryTakesThem() {
    LateEnds ends = new LateEnds(new EventLog(new Options(name -> Optional.empty())));
    ends.retry(Runnable::run);
    ends.add(() -> end("ended"));
    ends.add(() -> end("last"));

    ends.retry(Runnable::run);
    ends.retry(Runnable::run);
    assertThat(tried).containsExactly("ended", "ended");

    away = false;
    ends.retry(Runnable::run);
    ends.retry(Runnable::run);
    assertThat(tried).containsExactly("ended", "ended", "ended", "last");
  }
}
