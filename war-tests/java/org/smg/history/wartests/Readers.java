package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask every kind of question, over and over. */
final class Readers implements AutoCloseable {

  private final RoundRobin servers;
  private final List<String> questions;
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicInteger rounds = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads;

  /** Sets the clients off. */
  Readers(RoundRobin servers, Http http, String conversation) {
    this.servers = servers;
    String first = Fixtures.response(http, "{\"metadata\":{\"a\":\"b\"},\"input\":\"x\"}");
    String second = Fixtures.response(http, "{\"previous_response_id\":\"%s\"}".formatted(first));
    String feedback =
        Fixtures.stored(
                http.post("/v1/responses/" + first + "/feedback", "{\"rating\":\"positive\"}"))
            .id();
    this.questions =
        List.of(
            "/v1/responses/" + second + "/chain",
            "/v1/responses/" + first,
            "/v1/responses/" + first + "/input_items",
            "/v1/responses/" + first + "/feedback",
            "/v1/responses?metadata[a]=b",
            "/v1/feedback?rating=positive",
            "/v1/feedback/" + feedback,
            "/v1/conversations",
            "/v1/conversations/" + conversation,
            "/v1/conversations/" + conversation + "/items",
            "/health/ready");
    this.threads = List.of(new Thread(this::read), new Thread(this::read));
    threads.forEach(Thread::start);
  }

  private void read() {
    while (!enough.get()) {
      for (String question : questions) {
        Answer answer = servers.get(question);
        if (answer.status() != 200) {
          failures.add(question + ": " + answer);
        }
      }
      rounds.incrementAndGet();
    }
  }

  /** Waits until all questions were asked so many times more. */
  void awaitRounds(int number) {
    int target = rounds.get() + number;
    Writers.await("nobody reads", () -> rounds.get() >= target);
  }

  /** Fails if any question was refused. */
  void finish() throws InterruptedException {
    close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Override
  public void close() {
    enough.set(true);
  }
}
