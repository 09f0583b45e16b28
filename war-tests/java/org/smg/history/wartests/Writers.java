package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Clients that write into one conversation at once: batches and turns by turns, three items each.
 * They keep account of what they tried and of what they were told is stored.
 */
final class Writers implements AutoCloseable {

  private static final int CLIENTS = 8;
  private static final int BATCH = 3;
  private static final int REPEATS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(10);

  private final RoundRobin servers;
  private final String conversation;
  private final AtomicBoolean enough = new AtomicBoolean();
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final List<Future<?>> running = new ArrayList<>();
  private final Queue<Write> tried = new ConcurrentLinkedQueue<>();
  private final Queue<Write> acknowledged = new ConcurrentLinkedQueue<>();

  private record Write(String conversation, int client, int number) {

    String name() {
      return "%s_%d_%d".formatted(conversation, client, number);
    }

    boolean isTurn() {
      return number % 2 == 1;
    }

    /** Whether a client that does not know what became of it tries again. */
    boolean isRepeated() {
      return number % 4 < 2;
    }

    List<String> ids() {
      return List.of(name() + "_a", name() + "_b", name() + "_c");
    }

    private String items(int from, int to) {
      return String.join(
          ",",
          ids().subList(from, to).stream()
              .map(
                  "{\"type\":\"message\",\"id\":\"%s\",\"role\":\"user\",\"content\":\"x\"}"
                      ::formatted)
              .toList());
    }

    Answer sendTo(RoundRobin servers) {
      return isTurn()
          ? servers.send(
              "PUT",
              "/v1/responses/" + name(),
              "{\"conversation\":\"%s\",\"input\":[%s],\"output\":[%s]}"
                  .formatted(conversation, items(0, 2), items(2, BATCH)))
          : servers.send(
              "POST", Fixtures.items(conversation), "{\"items\":[%s]}".formatted(items(0, BATCH)));
    }
  }

  /** Sets the clients off. */
  Writers(RoundRobin servers, String conversation) {
    this.servers = servers;
    this.conversation = conversation;
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      running.add(clients.submit(() -> write(client)));
    }
  }

  private void write(int client) {
    for (int number = 0; !enough.get(); number++) {
      Write write = new Write(conversation, client, number);
      tried.add(write);
      if (isStored(write)) {
        acknowledged.add(write);
      }
    }
  }

  /** A server that is dying loses some requests more than once. */
  private boolean isStored(Write write) {
    for (int repeats = 0; repeats == 0 || write.isRepeated(); repeats++) {
      try {
        Answer answer = write.sendTo(servers);
        if (repeats > 0 && !write.isTurn() && answer.status() == 400) {
          assertThat(Refusal.of(answer).code()).isEqualTo("item_already_in_conversation");
        } else {
          Fixtures.stored(answer);
        }
        return true;
      } catch (UncheckedIOException lost) {
        assertThat(repeats).as("%s: %s", write, lost).isLessThan(REPEATS);
      }
    }
    return false;
  }

  /** Waits until so many more writes were acknowledged. */
  void awaitWrites(int number) {
    int target = acknowledged.size() + number;
    await(
        "nobody writes",
        () -> {
          running.stream().filter(Future::isDone).forEach(Writers::join);
          return acknowledged.size() >= target;
        });
  }

  static void await(String fault, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(fault).isBefore(deadline);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Lets every client finish what it is at; fails if any was refused. */
  void finish() {
    enough.set(true);
    running.forEach(Writers::join);
  }

  private static void join(Future<?> client) {
    try {
      client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Checks that what was acknowledged is stored, that nothing is in part or twice, and that what a
   * client wrote is in the order in which it wrote.
   *
   * @param stored the ids of all items of the conversation, oldest first
   */
  void assertKept(List<String> stored) {
    List<String> whole = new ArrayList<>();
    for (int i = 0; i < stored.size(); i += BATCH) {
      String name = stored.get(i).substring(0, stored.get(i).length() - 2);
      assertThat(stored.subList(i, Math.min(i + BATCH, stored.size())))
          .containsExactly(name + "_a", name + "_b", name + "_c");
      whole.add(name);
    }
    assertThat(whole).doesNotHaveDuplicates();
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      assertThat(whole)
          .containsSubsequence(
              acknowledged.stream()
                  .filter(write -> write.client() == client)
                  .map(Write::name)
                  .toList());
    }
    HashSet<String> found = new HashSet<>(whole);
    for (Write write : tried) {
      if (write.isTurn()) {
        assertThat(servers.get("/v1/responses/" + write.name()).status())
            .as("the response of " + write)
            .isEqualTo(found.contains(write.name()) ? 200 : 404);
      }
    }
  }

  @Override
  public void close() {
    enough.set(true);
    clients.shutdownNow();
  }
}
