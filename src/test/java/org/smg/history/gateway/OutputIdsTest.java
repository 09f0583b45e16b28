package org.smg.history.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.rules.HistoryClock;
import org.smg.history.rules.Ids;

class OutputIdsTest {

  private final OutputIds ids = new OutputIds(new Ids(new HistoryClock()), Set.of("msg_taken"));

  @Test
  void idsStayTheModelServers() {
    assertThat(ids.of(0L, "msg_a", "message")).isEqualTo("msg_a");
    assertThat(ids.of(0L, "msg_a", "message")).isEqualTo("msg_a");
    assertThat(ids.known(0L, "msg_a")).isEqualTo("msg_a");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "a/b", "..", "msg_taken"})
  void anIdThatCannotBeKeptIsMadeOnceAndIsTheSameEverywhere(String sent) {
    String made = ids.of(0L, sent, "message");

    assertThat(made).startsWith("msg_").isNotEqualTo("msg_taken");
    assertThat(ids.of(0L, sent, "message")).isEqualTo(made);
    assertThat(ids.known(0L, sent)).isEqualTo(made);
  }

  @Test
  void ofTwoItemsWithOneIdTheSecondGetsItsOwn() {
    assertThat(ids.of(0L, "fc_a", "function_call")).isEqualTo("fc_a");
    String second = ids.of(1L, "fc_a", "function_call");

    assertThat(second).startsWith("fc_").isNotEqualTo("fc_a");
    assertThat(ids.known(1L, "fc_a")).isEqualTo(second);
    assertThat(ids.known(0L, "fc_a")).isEqualTo("fc_a");
  }

  /** Some model servers draw another id for the same item in each event. */
  @Test
  void anItemKeepsItsFirstId() {
    assertThat(ids.of(0L, "msg_a", "message")).isEqualTo("msg_a");
    assertThat(ids.of(0L, "msg_b", "message")).isEqualTo("msg_a");
    assertThat(ids.known(0L, "msg_c")).isEqualTo("msg_a");
  }

  /** Some leave the reasoning out of the whole. */
  @Test
  void anItemThatMovesKeepsItsId() {
    ids.of(0L, "rs_a", "reasoning");
    ids.of(1L, "msg_a", "message");

    assertThat(ids.of(0L, "msg_a", "message")).isEqualTo("msg_a");
  }

  @Test
  void withoutAPlaceAnItemIsKnownByItsId() {
    String made = ids.of(0L, "msg_taken", "message");

    assertThat(ids.known(null, "msg_taken")).isEqualTo(made);
    assertThat(ids.known(null, "msg_new")).isEqualTo("msg_new");
    assertThat(ids.known(null, null)).isNull();
  }

  @Test
  void anIdThatIsGivenUpIsNotGivenAgain() {
    ids.of(0L, "msg_a", "message");

    assertThat(ids.giveUp("msg_a")).isTrue();
    assertThat(ids.giveUp("msg_a")).isFalse();
    assertThat(ids.of(0L, "msg_a", "message")).isNotEqualTo("msg_a");
  }
}
