package org.smg.history.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.smg.history.model.HistoryFailure;

/** Runs steps at once, each in its own thread, all set off together. */
final class Concurrently {

  /** Long enough for any backend; what has not ended by then never will. */
  private static final long DEADLINE_SECONDS = 60;

  private Concurrently() {}

  static <T> List<T> run(int count, IntFunction<Callable<T>> step) {
    return run(IntStream.range(0, count).mapToObj(step).toList());
  }

  /**
   * @return what each step answered, in the order given
   * @throws AssertionError if a step failed or never ended
   */
  static <T> List<T> run(List<Callable<T>> steps) {
    ExecutorService threads = Executors.newFixedThreadPool(steps.size());
    CyclicBarrier start = new CyclicBarrier(steps.size());
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> step : steps) {
        running.add(
            threads.submit(
                () -> {
                  start.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
                  return step.call();
                }));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> step : running) {
        answers.add(step.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
      }
      return answers;
    } catch (ExecutionException failed) {
      throw new AssertionError("a step failed: " + failed.getCause(), failed.getCause());
    } catch (TimeoutException stuck) {
      throw new AssertionError("a step has not ended", stuck);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    } finally {
      threads.shutdownNow();
    }
  }

  /** A step that may be refused: answers the refusal, or null if all went well. */
  static Callable<HistoryFailure> attempt(Runnable step) {
    return () -> {
      try {
        step.run();
        return null;
      } catch (HistoryFailure refused) {
        return refused;
      }
    };
  }
}
