package org.smg.history.wartests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers who each carry on a conversation of their own, turn after turn, on all servers in turn. A
 * turn is repeated under its key until it is acknowledged.
 */
final class Callers implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final List<Gateway> servers;
  private final AtomicBoolean enough = new AtomicBoolean();
  private final LongAdder events = new LongAdder();
  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> running = new ArrayList<>();

  /** Sets one caller off on each conversation. */
  Callers(List<Gateway> servers, List<String> conversations) {
    this.servers = servers;
    conversations.forEach(conversation -> running.add(threads.submit(() -> carryOn(conversation))));
  }

  private void carryOn(String conversation) {
    for (int number = 0; !enough.get(); number++) {
      Turn turn = new Turn(conversation, number);
      Optional<Acknowledged> told = Optional.empty();
      for (int attempt = 0; told.isEmpty() && !enough.get(); attempt++) {
        told =
            servers
                .get((number + attempt) % servers.size())
                .send(turn, events::increment)
                .acknowledged();
        if (told.isEmpty()) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
      told.ifPresent(acknowledged::add);
    }
  }

  /** Waits until so many more events of streams have arrived. */
  void awaitEvents(int number) {
    long target = events.sum() + number;
    Instant deadline = Instant.now().plus(PATIENCE);
    while (events.sum() < target) {
      running.stream().filter(Future::isDone).forEach(Callers::join);
      assertThat(Instant.now()).as("nobody is answered").isBefore(deadline);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * Lets every caller read the answer that it is at, and stops them.
   *
   * @return what they were told, in the order of each conversation
   */
  List<Acknowledged> finish() {
    enough.set(true);
    running.forEach(Callers::join);
    return List.copyOf(acknowledged);
  }

  private static void join(Future<?> caller) {
    try {
      caller.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    enough.set(true);
    threads.shutdownNow();
  }
}
