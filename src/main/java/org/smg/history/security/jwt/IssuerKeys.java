package org.smg.history.security.jwt;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;

/**
 * The public keys of an issuer. They are fetched in the background when they are a few minutes old,
 * and at once when a token needs another one; never twice within a few seconds, whatever is sent.
 * While they cannot be fetched, the last ones count for a bounded time.
 */
final class IssuerKeys {

  /** How old keys are when they are fetched anew. */
  static final Duration REFRESH = Duration.ofMinutes(5);

  /** Between the beginnings of two fetches. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** How long a request waits for a fetch. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Requests that wait at the same time; they hold threads of the server. */
  private static final int WAITING = 16;

  private static final Logger LOG = Logger.getLogger(IssuerKeys.class.getName());

  private final String issuer;
  private final Supplier<CompletableFuture<List<JsonWebKey>>> source;
  private final Duration maxAge;
  private final LongSupplier nanoTime;
  private final EventLog log;
  private final Semaphore waiting = new Semaphore(WAITING);
  private final VerificationJwkSelector selector = new VerificationJwkSelector();

  /** Null until the first ones are there. */
  private volatile Fetched fetched;

  private CompletableFuture<Void> fetch = CompletableFuture.completedFuture(null);
  private long begun;
  private volatile boolean away;

  private record Fetched(List<JsonWebKey> keys, long at) {}

  /**
   * Begins to fetch the keys.
   *
   * @param issuer for the log
   * @param source fetches the keys without holding up the caller
   * @param maxAge how long keys count
   */
  IssuerKeys(
      String issuer,
      Supplier<CompletableFuture<List<JsonWebKey>>> source,
      Duration maxAge,
      LongSupplier nanoTime,
      EventLog log) {
    this.issuer = issuer;
    this.source = source;
    this.maxAge = maxAge;
    this.nanoTime = nanoTime;
    this.log = log;
    this.begun = nanoTime.getAsLong() - PAUSE.toNanos();
    fetch();
  }

  /**
   * The key that verifies the signature of a token.
   *
   * @return empty if the issuer has no such key
   * @throws HistoryFailure.Unavailable if the issuer's keys are not known
   */
  Optional<JsonWebKey> find(JsonWebSignature token) {
    Optional<JsonWebKey> found = select(token);
    if (found.isPresent()) {
      return found;
    }
    await(fetch());
    if (!known()) {
      throw new HistoryFailure.Unavailable("The keys of %s are not known.".formatted(issuer), null);
    }
    return select(token);
  }

  private Optional<JsonWebKey> select(JsonWebSignature token) {
    if (!known()) {
      return Optional.empty();
    }
    if (age() >= REFRESH.toNanos()) {
      fetch();
    }
    try {
      return Optional.ofNullable(
          selector.selectWithVerifySignatureDisambiguate(token, fetched.keys));
    } catch (JoseException unusable) {
      return Optional.empty();
    }
  }

  private boolean known() {
    return fetched != null && age() < maxAge.toNanos();
  }

  private long age() {
    return nanoTime.getAsLong() - fetched.at;
  }

  /** The fetch that is under way, a new one, or, if it is too early for one, the last one. */
  private synchronized CompletableFuture<Void> fetch() {
    long now = nanoTime.getAsLong();
    if (fetch.isDone() && now - begun >= PAUSE.toNanos()) {
      begun = now;
      try {
        fetch = source.get().handle((keys, failure) -> take(keys, failure, now));
      } catch (RejectedExecutionException stopping) {
        log.write(LOG, Level.FINE, event("The server is stopping"), stopping);
      }
    }
    return fetch;
  }

  private void await(CompletableFuture<Void> running) {
    if (running.isDone() || !waiting.tryAcquire()) {
      return;
    }
    try {
      running.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException notYetKnown) {
      // What was known before counts.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.release();
    }
  }

  /** Of one fetch at a time. */
  private Void take(List<JsonWebKey> keys, Throwable failure, long asked) {
    if (failure == null) {
      fetched = new Fetched(keys, asked);
      if (away) {
        log.write(LOG, Level.INFO, event("The keys of %s can be fetched again".formatted(issuer)));
      }
    } else if (!away) {
      log.write(
          LOG,
          Level.WARNING,
          event(
              "The keys of %s cannot be fetched; the last ones count for %d minutes: %s"
                  .formatted(issuer, maxAge.toMinutes(), failure.getCause())));
    }
    away = failure != null;
    return null;
  }

  private static Event event(String message) {
    return Event.of("issuer_keys", message);
  }
}
