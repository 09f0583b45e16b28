package org.smg.history.storage.selection;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StorageObserver.Result;
import org.smg.history.storage.StoreOperation;

/** Tells the observers of operations. */
final class Observation {

  /**
   * How drivers and pools name what took too long: in the class of the failure or in its message,
   * each in its own way.
   */
  private static final Pattern TOO_LONG =
      Pattern.compile("time-?out|timed out|max-wait-time", Pattern.CASE_INSENSITIVE);

  /** Deeper than any chain of causes that is no cycle. */
  private static final int MOST_CAUSES = 32;

  private final StorageObserver[] observers;

  Observation(Iterable<StorageObserver> observers) {
    this.observers =
        StreamSupport.stream(observers.spliterator(), false).toArray(StorageObserver[]::new);
  }

  /**
   * Carries out an operation.
   *
   * @param id what was asked for, or null
   * @param asked the operation; an empty Optional and {@code false} mean that nothing was found
   */
  <T> T of(StoreOperation operation, Scope scope, String id, Supplier<T> asked) {
    long begin = System.nanoTime();
    Result result = Result.ERROR;
    try {
      T answer = asked.get();
      result = isNothing(answer) ? Result.NOT_FOUND : Result.SUCCESS;
      return answer;
    } catch (RuntimeException failure) {
      result = resultOf(failure);
      throw failure;
    } finally {
      long nanos = System.nanoTime() - begin;
      for (StorageObserver observer : observers) {
        observer.ended(operation, result, scope, id, nanos);
      }
    }
  }

  /** To be called once an operation has stored something. */
  void stored(StoreOperation operation, int number) {
    for (StorageObserver observer : observers) {
      observer.stored(operation, number);
    }
  }

  /** To be called once a run has been begun. */
  void runBegun() {
    for (StorageObserver observer : observers) {
      observer.runBegun();
    }
  }

  /** To be called once a run has ended. */
  void runEnded(StoredResponse response) {
    for (StorageObserver observer : observers) {
      observer.runEnded(response);
    }
  }

  private static boolean isNothing(Object answer) {
    return answer instanceof Optional<?> found && found.isEmpty() || Boolean.FALSE.equals(answer);
  }

  static Result resultOf(RuntimeException failure) {
    if (failure instanceof HistoryFailure.NotFound
        || failure instanceof HistoryFailure.UnknownReference) {
      return Result.NOT_FOUND;
    }
    if (failure instanceof HistoryFailure && !(failure instanceof HistoryFailure.Unavailable)) {
      return Result.SUCCESS;
    }
    return tookTooLong(failure) ? Result.TIMEOUT : Result.ERROR;
  }

  private static boolean tookTooLong(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (TOO_LONG.matcher(cause.getClass().getName()).find()
          || cause.getMessage() != null && TOO_LONG.matcher(cause.getMessage()).find()) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
