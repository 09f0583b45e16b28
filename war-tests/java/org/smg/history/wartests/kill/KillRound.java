package org.smg.history.wartests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.smg.history.wartests.kill.StoredHistory.Item;
import org.smg.history.wartests.kill.StoredHistory.Response;

/** Kills at random moments under load, and verifies what was said and stored meanwhile. */
final class KillRound {

  private static final int CALLERS = 8;

  /** Between two kills; callers see some hundred in a second. */
  private static final int MOST_EVENTS = 1500;

  /** Within which every run has to have an end, counted from the last kill. */
  private static final Duration ALL_ENDED = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(500);

  /** A number that the callers do not come to. */
  private static final int ONE_MORE = 1_000_000;

  private final Installation installation;
  private final Random random;
  private final List<Gateway> servers;
  private final Map<Victim.Kind, Integer> kills = new EnumMap<>(Victim.Kind.class);
  private Instant lastKill;

  private KillRound(Installation installation, Random random) {
    this.installation = installation;
    this.random = random;
    this.servers = installation.gateways();
  }

  /**
   * What a round has done, and found to be right.
   *
   * @param turns that were acknowledged
   */
  record Outcome(Map<Victim.Kind, Integer> kills, int turns) {}

  /**
   * @param number of kills; of each three, one hits a server, one the database and one the model
   *     server
   * @throws AssertionError that names each fault
   */
  static Outcome run(Installation installation, long seed, int number) throws IOException {
    System.out.printf("Kills: %d, seed %d%n", number, seed);
    return new KillRound(installation, new Random(seed)).run(number);
  }

  private Outcome run(int number) throws IOException {
    List<String> conversations = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      conversations.add(servers.get(0).newConversation());
    }
    List<Acknowledged> acknowledged;
    try (Callers callers = new Callers(servers, conversations)) {
      for (Victim.Kind kind : plan(number)) {
        callers.awaitEvents(1 + random.nextInt(MOST_EVENTS));
        kill(installation.victim(kind, random.nextInt()));
      }
      acknowledged = new ArrayList<>(callers.finish());
    }
    // Connections to servers that were killed are of no use any more.
    List<Gateway> fresh = installation.gateways();
    awaitEnds(fresh, conversations);
    acknowledged.addAll(oneMoreTurn(fresh, conversations));
    assertThat(KillVerification.faults(stored(fresh.get(1), conversations), acknowledged))
        .isEmpty();
    return new Outcome(kills, acknowledged.size());
  }

  private List<Victim.Kind> plan(int number) {
    List<Victim.Kind> plan = new ArrayList<>();
    while (plan.size() < number) {
      List<Victim.Kind> next = new ArrayList<>(List.of(Victim.Kind.values()));
      Collections.shuffle(next, random);
      plan.addAll(next);
    }
    return plan.subList(0, number);
  }

  private void kill(Victim victim) throws IOException {
    System.out.println("Killing " + victim.kind());
    victim.kill().run();
    lastKill = Instant.now();
    kills.merge(victim.kind(), 1, Integer::sum);
    victim.restart().run();
  }

  /**
   * Waits as long as a run may last, on all servers; one that lasts longer is a fault that is found
   * later.
   */
  private void awaitEnds(List<Gateway> fresh, List<String> conversations) {
    Instant deadline = lastKill.plus(ALL_ENDED);
    while (fresh.stream().anyMatch(server -> isAnyInProgress(server, conversations))
        && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Also if the server has not noticed yet that the database is back. */
  private static boolean isAnyInProgress(Gateway server, List<String> conversations) {
    try {
      for (String conversation : conversations) {
        if (server.responses(conversation).map(Response::status).anyMatch("in_progress"::equals)) {
          return true;
        }
      }
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  private static List<Acknowledged> oneMoreTurn(List<Gateway> servers, List<String> conversations) {
    List<Acknowledged> told = new ArrayList<>();
    for (String conversation : conversations) {
      Turn turn = new Turn(conversation, ONE_MORE);
      Reply reply = servers.get(told.size() % servers.size()).send(turn, () -> {});
      told.add(
          reply
              .acknowledged()
              .orElseThrow(
                  () ->
                      new AssertionError(
                          "%s cannot go on: %s".formatted(conversation, reply.otherwise()))));
    }
    return told;
  }

  private static StoredHistory stored(Gateway server, List<String> conversations)
      throws IOException {
    Map<String, List<Item>> items = new TreeMap<>();
    List<Response> responses = new ArrayList<>();
    for (String conversation : conversations) {
      items.put(conversation, server.items(conversation).toList());
      responses.addAll(server.responses(conversation).toList());
    }
    return new StoredHistory(items, responses);
  }
}
