package org.smg.history.wartests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.kill.StoredHistory.Item;
import org.smg.history.wartests.kill.StoredHistory.Response;

/** What the verification finds: a history of two turns of which something is missing. */
class KillVerificationTest {

  private static final String CONVERSATION = "conv_a";

  private final List<Item> items = new ArrayList<>();
  private final List<Response> responses = new ArrayList<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();

  KillVerificationTest() {
    turn(0);
    turn(1);
  }

  private void turn(int number) {
    Turn turn = new Turn(CONVERSATION, number);
    String name = turn.name();
    List<String> output = List.of("rs_" + number, "msg_" + number);
    int seen = items.size() + 2;
    items.add(new Item("in_" + number, name + " asks"));
    items.add(new Item("on_" + number, name + " asks on"));
    items.add(new Item(output.get(0), name));
    items.add(new Item(output.get(1), name + " after " + seen + " items word0 word1 end"));
    responses.add(new Response("resp_" + number, CONVERSATION, "completed", output));
    acknowledged.add(new Acknowledged(turn, "resp_" + number, output));
  }

  private void replace(int index, String status) {
    Response old = responses.get(index);
    responses.set(index, new Response(old.id(), old.conversation(), status, old.outputIds()));
  }

  private List<String> faults() {
    return KillVerification.faults(
        new StoredHistory(Map.of(CONVERSATION, items), responses), acknowledged);
  }

  @Test
  void aWholeHistoryHasNone() {
    assertThat(faults()).isEmpty();
  }

  @Test
  void aTurnThatNobodyWasToldOfMayBeThereOrNot() {
    turn(2);
    acknowledged.remove(2);
    acknowledged.remove(1);
    items.subList(8, 12).clear();
    responses.remove(2);

    assertThat(faults()).isEmpty();
  }

  @Test
  void aRunThatFailedMayBeThere() {
    responses.add(new Response("resp_f", CONVERSATION, "failed", List.of("rs_f")));

    assertThat(faults()).isEmpty();
  }

  @Test
  void aLostTurn() {
    items.subList(4, 8).clear();
    responses.remove(1);

    assertThat(faults())
        .containsExactly(
            "lost: the items of the turn conv_a-1",
            "lost: the response resp_1 of the turn conv_a-1");
  }

  @Test
  void aLostResponse() {
    responses.remove(1);

    assertThat(faults())
        .containsExactly(
            "torn: the turn conv_a-1 has no response",
            "lost: the response resp_1 of the turn conv_a-1");
  }

  @Test
  void anAcknowledgedTurnThatIsStoredAsFailed() {
    items.subList(4, 8).clear();
    replace(1, "failed");

    assertThat(faults())
        .containsExactly(
            "lost: the items of the turn conv_a-1",
            "lost: the response resp_1 of the turn conv_a-1");
  }

  @Test
  void aTornTurn() {
    acknowledged.clear();
    items.remove(7);

    assertThat(faults())
        .containsExactly(
            "torn: conv_a has at 4 [conv_a-1 asks, conv_a-1 asks on, conv_a-1]",
            "torn: the items of resp_1 are not appended");
  }

  @Test
  void aTornAnswer() {
    acknowledged.clear();
    items.set(3, new Item("msg_0", "conv_a-0 after 2 items word0"));

    assertThat(faults().get(0)).startsWith("torn: conv_a has at 0 ");
  }

  @Test
  void aTurnWhoseModelDidNotSeeAllBefore() {
    items.set(7, new Item("msg_1", "conv_a-1 after 2 items end"));

    assertThat(faults().get(0)).startsWith("torn: conv_a has at 4 ");
  }

  @Test
  void aTurnThatIsAppendedTwice() {
    Turn again = new Turn(CONVERSATION, 1);
    items.add(new Item("in_2", again.name() + " asks"));
    items.add(new Item("on_2", again.name() + " asks on"));
    items.add(new Item("rs_1", again.name()));
    items.add(new Item("msg_1", again.name() + " after 10 items end"));

    assertThat(faults()).containsExactly("twice: the turn conv_a-1");
  }

  @Test
  void itemsOfAFailedRunInItsConversation() {
    acknowledged.clear();
    replace(1, "failed");

    assertThat(faults())
        .containsExactly(
            "torn: items of the failed resp_1 are appended",
            "torn: the turn conv_a-1 has no response");
  }

  @Test
  void aRunWithoutAnEnd() {
    responses.add(new Response("resp_r", CONVERSATION, "in_progress", List.of()));

    assertThat(faults()).containsExactly("without an end: resp_r is in_progress");
  }
}
