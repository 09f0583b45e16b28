package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Page;
import org.smg.history.model.StoredResponse;

/** A response and those before it. */
public interface ChainContract extends StorageUnderTest {

  @ParameterizedTest
  @CsvSource({
    "resp_5, 6, false, resp_1 resp_2 resp_3 resp_4 resp_5",
    "resp_5, 5, false, resp_1 resp_2 resp_3 resp_4 resp_5",
    "resp_5, 4, true,  resp_2 resp_3 resp_4 resp_5",
    "resp_5, 1, true,  resp_5",
    "resp_3, 9, false, resp_1 resp_2 resp_3",
    "resp_3, 2, true,  resp_2 resp_3",
    "resp_1, 1, false, resp_1"
  })
  default void aChainIsReadOldestFirst(String id, int limit, boolean hasMore, String expected) {
    SampleTenant tenant = freshTenant();
    chainOfFive(tenant);

    assertChain(tenant, id, limit, hasMore, expected.split(" "));
  }

  @Test
  default void aChainHoldsItsResponsesAsTheyWereRecorded() {
    SampleTenant tenant = freshTenant();
    TurnBuilder first = tenant.turn("resp_1").metadata(Samples.labels("a", "b")).user("u");
    TurnBuilder second = tenant.turn("resp_2").after("resp_1").model("other");
    tenant.record(first);
    tenant.record(second);

    assertThat(storage().responses().chain(tenant.scope(), "resp_2", 10))
        .isEqualTo(new Page<>(List.of(first.response(), second.response()), false));
  }

  @Test
  default void theOrderOfAChainIsNotThatOfTimes() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_b").after("resp_c").created(5).recorded(6));
    tenant.record(tenant.turn("resp_a").created(9).recorded(9));
    tenant.record(tenant.turn("resp_c").after("resp_a").created(1).recorded(8));

    assertChain(tenant, "resp_b", 10, false, "resp_a", "resp_c", "resp_b");
  }

  @Test
  default void branchesShareTheirBeginning() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("root"));
    tenant.record(tenant.turn("left").after("root"));
    tenant.record(tenant.turn("right").after("root"));

    assertChain(tenant, "left", 10, false, "root", "left");
    assertChain(tenant, "right", 10, false, "root", "right");
  }

  @Test
  default void aChainStopsAtAMissingMember() {
    SampleTenant tenant = freshTenant();
    chainOfFive(tenant);

    storage().responses().delete(tenant.scope(), "resp_2");

    assertChain(tenant, "resp_5", 10, false, "resp_3", "resp_4", "resp_5");
    assertChain(tenant, "resp_5", 3, false, "resp_3", "resp_4", "resp_5");
    assertChain(tenant, "resp_5", 2, true, "resp_4", "resp_5");
  }

  @Test
  default void aChainGrowsBackwardsWhenAMissingMemberIsRecorded() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_2").after("resp_1"));
    assertChain(tenant, "resp_2", 10, false, "resp_2");

    tenant.record(tenant.turn("resp_1"));

    assertChain(tenant, "resp_2", 10, false, "resp_1", "resp_2");
  }

  @Test
  default void aLongChainIsRead() {
    SampleTenant tenant = freshTenant();
    for (int number = 1; number <= 120; number++) {
      tenant.record(tenant.turn("resp_" + number).after("resp_" + (number - 1)));
    }

    Page<StoredResponse> chain = storage().responses().chain(tenant.scope(), "resp_120", 100);

    assertThat(chain.hasMore()).isTrue();
    assertThat(chain.data()).hasSize(100);
    assertThat(chain.data().get(0).key().id()).isEqualTo("resp_21");
    assertThat(chain.data().get(99).key().id()).isEqualTo("resp_120");
  }

  @Test
  default void aResponseAfterItselfIsACycle() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a").after("resp_a"));

    assertCycle(tenant, "resp_a", 1);
    assertCycle(tenant, "resp_a", 10);
  }

  @Test
  default void aChainThatLeadsBackIntoItselfIsACycle() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_1").after("resp_3"));
    tenant.record(tenant.turn("resp_2").after("resp_1"));
    tenant.record(tenant.turn("resp_3").after("resp_2"));
    tenant.record(tenant.turn("resp_4").after("resp_3"));

    assertCycle(tenant, "resp_3", 3);
    assertCycle(tenant, "resp_3", 10);
    assertCycle(tenant, "resp_4", 4);
    assertCycle(tenant, "resp_4", 100);
  }

  @Test
  default void aCycleBeyondTheLimitIsNotRead() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_1").after("resp_3"));
    tenant.record(tenant.turn("resp_2").after("resp_1"));
    tenant.record(tenant.turn("resp_3").after("resp_2"));

    assertChain(tenant, "resp_3", 2, true, "resp_2", "resp_3");
  }

  private static void chainOfFive(SampleTenant tenant) {
    for (int number = 1; number <= 5; number++) {
      tenant.record(
          tenant.turn("resp_" + number).after(number == 1 ? null : "resp_" + (number - 1)));
    }
  }

  private static void assertChain(
      SampleTenant tenant, String id, int limit, boolean hasMore, String... expected) {
    Page<StoredResponse> chain = tenant.storage().responses().chain(tenant.scope(), id, limit);
    assertThat(chain.data()).map(member -> member.key().id()).containsExactly(expected);
    assertThat(chain.hasMore()).isEqualTo(hasMore);
  }

  private static void assertCycle(SampleTenant tenant, String id, int limit) {
    assertThatThrownBy(() -> tenant.storage().responses().chain(tenant.scope(), id, limit))
        .isInstanceOf(HistoryFailure.ChainCycle.class)
        .hasMessageContaining(id);
  }
}
