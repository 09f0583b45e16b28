package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.model.HistoryFailure;

@Timeout(30)
class AvailabilityTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger probes = new AtomicInteger();
  private volatile RuntimeException failure;

  /** A probe needs one permit. */
  private final Semaphore permits = new Semaphore(1000);

  private final Availability availability = new Availability(this::probe, threads);

  private void probe() {
    permits.acquireUninterruptibly();
    probes.incrementAndGet();
    RuntimeException raised = failure;
    if (raised != null) {
      throw raised;
    }
  }

  @AfterEach
  void end() {
    availability.close();
    permits.release(1000);
    threads.shutdownNow();
  }

  @Test
  void aFailedOperationAloneRefusesNoOther() {
    availability.suspect();
    availability.verify();

    availability.check();
    assertThat(probes.get()).isPositive();
  }

  @Test
  void aFailedProbeRefusesOperationsUntilOneSucceeds() throws InterruptedException {
    failure = new HistoryFailure.Unavailable("The database does not answer.", null);
    assertThatThrownBy(availability::verify).hasMessage("The database does not answer.");

    assertThatThrownBy(availability::check)
        .isInstanceOf(HistoryFailure.Unavailable.class)
        .hasMessage("The database does not answer.");

    failure = null;
    awaitReached();
  }

  /** Nobody has to ask for the probes that find a backend's return. */
  private void awaitReached() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (true) {
      try {
        availability.check();
        return;
      } catch (HistoryFailure.Unavailable notYet) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aBugOfAProbeIsNoAnswerEither() throws InterruptedException {
    failure = new IllegalStateException("a bug");

    assertThatThrownBy(availability::verify)
        .isInstanceOf(HistoryFailure.Unavailable.class)
        .hasMessage("The backend cannot be asked.")
        .hasRootCause(failure);

    failure = null;
    awaitReached();
  }

  @Test
  void whileAProbeHangsWhatWasKnownBeforeCountsAndNoOtherBegins() throws InterruptedException {
    permits.drainPermits();
    CountDownLatch done = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      threads.execute(
          () -> {
            availability.suspect();
            availability.verify();
            done.countDown();
          });
    }
    done.await();
    assertThat(probes.get()).isZero();
    assertThat(permits.getQueueLength()).isEqualTo(1);

    failure = new HistoryFailure.Unavailable("away", null);
    permits.release(1);
    assertThatThrownBy(
            () -> {
              while (true) {
                availability.check();
              }
            })
        .hasMessage("away");
    assertThat(probes.get()).isEqualTo(1);
  }

  @Test
  void whileTheBackendIsAwayAReadinessCheckWaitsForNothing() {
    failure = new HistoryFailure.Unavailable("away", null);
    assertThatThrownBy(availability::verify).hasMessage("away");
    permits.drainPermits();

    long begun = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(availability::verify).hasMessage("away");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Availability.PATIENCE);
  }

  @Test
  void anExecutorThatIsStoppingChangesNothing() {
    threads.shutdownNow();

    availability.suspect();
    availability.verify();

    assertThat(probes.get()).isZero();
  }
}
