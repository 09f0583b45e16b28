package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The same on Open Liberty, where one of the servers is killed in the end. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
interface LibertyFleetContract extends FleetContract {

  Fleet fleet();

  @Override
  default List<Http> servers() {
    return List.of(fleet().first(), fleet().second());
  }

  @Test
  default void noServerLogsAFault() {
    for (LibertyServer server : fleet().servers()) {
      assertThat(server.read("console.log").lines().filter(line -> line.startsWith("[ERROR")))
          .isEmpty();
      assertThat(
              server
                  .read("console.log")
                  .lines()
                  .filter(line -> line.startsWith("[WARNING"))
                  // A busy machine may be slow.
                  .filter(line -> !line.contains("An operation of the backend took long")))
          .isEmpty();
    }
  }

  /** The last one, since a start takes longer than all others together. */
  @Test
  @Order(Integer.MAX_VALUE)
  default void aServerThatIsKilledTakesNothingWithItThatWasAcknowledged() {
    RoundRobin inTurn = fleet().inTurn();
    String conversation = Fixtures.conversation(fleet().first());
    LibertyServer victim = fleet().servers().get(1);
    try (Writers writers = new Writers(inTurn, conversation)) {
      writers.awaitWrites(100);

      victim.kill();

      writers.awaitWrites(100);
      writers.finish();
      writers.assertKept(inTurn.itemIds(conversation));
    }
    noServerLogsAFault();
  }
}
