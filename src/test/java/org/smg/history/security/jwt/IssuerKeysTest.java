package org.smg.history.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.model.HistoryFailure;

@Timeout(60)
class IssuerKeysTest {

  private static final Duration MAX_AGE = Duration.ofHours(1);

  private final PublicJsonWebKey first = key("first");
  private final PublicJsonWebKey second = key("second");

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
  private final AtomicInteger fetches = new AtomicInteger();
  private final Queue<Runnable> background = new ArrayDeque<>();

  /** What the issuer has; null while it is away. */
  private volatile List<JsonWebKey> published = List.of(first);

  @Test
  void keysAreFetchedAtTheStart() throws Exception {
    IssuerKeys keys = keys();

    assertThat(fetches).hasValue(1);
    assertThat(keys.find(token(first, "first"))).contains(first);
    assertThat(keys.find(token(first, "first"))).contains(first);
    assertThat(fetches).hasValue(1);
  }

  @Test
  void aTokenWithoutNameOfItsKeyIsTriedWithAll() throws Exception {
    published = List.of(second, first);
    IssuerKeys keys = keys();

    assertThat(keys.find(token(first, null))).contains(first);
    assertThat(keys.find(token(second, null))).contains(second);
    assertThat(keys.find(token(key("first"), null))).isEmpty();
  }

  @Test
  void anUnknownKeyIsFetchedAtOnce() throws Exception {
    IssuerKeys keys = keys();
    published = List.of(first, second);
    later(IssuerKeys.PAUSE);

    assertThat(keys.find(token(second, "second"))).contains(second);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void whateverIsSentThereIsAPauseBetweenFetches() throws Exception {
    IssuerKeys keys = keys();
    later(IssuerKeys.PAUSE);

    for (int i = 0; i < 1000; i++) {
      assertThat(keys.find(token(second, "unknown-" + i))).isEmpty();
    }
    assertThat(fetches).hasValue(2);

    later(IssuerKeys.PAUSE.minusNanos(1));
    assertThat(keys.find(token(second, "unknown"))).isEmpty();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void keysThatAreAFewMinutesOldServeWhileOthersAreFetched() throws Exception {
    IssuerKeys keys =
        new IssuerKeys(
            "issuer",
            () -> CompletableFuture.supplyAsync(() -> fetch().join(), background::add),
            MAX_AGE,
            now::get,
            new EventLog(LogFormat.TEXT));
    background.remove().run();
    published = List.of(second);
    later(IssuerKeys.REFRESH);

    assertThat(keys.find(token(first, "first"))).contains(first);
    background.remove().run();
    assertThat(keys.find(token(second, "second"))).contains(second);
    assertThat(fetches).hasValue(2);
    assertThat(background).isEmpty();
  }

  @Test
  void aKeyThatWasWithdrawnNoLongerCounts() throws Exception {
    IssuerKeys keys = keys();
    published = List.of(second);
    later(IssuerKeys.REFRESH);

    // Answered with the old ones, while the new ones are fetched.
    keys.find(token(first, "first"));
    assertThat(keys.find(token(first, "first"))).isEmpty();
  }

  @Test
  void anIssuerMayWithdrawAllKeys() throws Exception {
    IssuerKeys keys = keys();
    published = List.of();
    later(IssuerKeys.REFRESH);

    keys.find(token(first, "first"));
    assertThat(keys.find(token(first, "first"))).isEmpty();
  }

  /** Failed fetches do not make the last keys younger. */
  @Test
  void theLastKeysServeForABoundedTime() throws Exception {
    IssuerKeys keys = keys();
    published = null;
    for (Duration age = Duration.ZERO;
        age.compareTo(MAX_AGE) < 0;
        age = age.plus(IssuerKeys.PAUSE)) {
      assertThat(keys.find(token(first, "first"))).as(age.toString()).contains(first);
      later(IssuerKeys.PAUSE);
    }

    assertThatThrownBy(() -> keys.find(token(first, "first")))
        .isInstanceOf(HistoryFailure.Unavailable.class);

    published = List.of(first);
    later(IssuerKeys.PAUSE);
    assertThat(keys.find(token(first, "first"))).contains(first);
  }

  @Test
  void whileTheIssuerIsAwayItIsAskedSeldom() throws Exception {
    IssuerKeys keys = keys();
    published = null;
    later(IssuerKeys.REFRESH);

    for (int i = 0; i < 1000; i++) {
      keys.find(token(first, "first"));
    }
    assertThat(fetches).hasValue(2);
  }

  @Test
  void theIssuerMayBeAwayAtTheStart() throws Exception {
    published = null;
    IssuerKeys keys = keys();
    assertThatThrownBy(() -> keys.find(token(first, "first")))
        .isInstanceOf(HistoryFailure.Unavailable.class);
    assertThat(fetches).hasValue(1);

    published = List.of(first);
    later(IssuerKeys.PAUSE);
    assertThat(keys.find(token(first, "first"))).contains(first);
  }

  @Test
  void aServerThatIsStoppingFetchesNothing() {
    IssuerKeys keys =
        new IssuerKeys(
            "issuer",
            () -> {
              throw new RejectedExecutionException();
            },
            MAX_AGE,
            now::get,
            new EventLog(LogFormat.TEXT));

    assertThatThrownBy(() -> keys.find(token(first, "first")))
        .isInstanceOf(HistoryFailure.Unavailable.class);
  }

  /** A rotation under load: all requests wait for one fetch, and each gets the new key. */
  @Test
  void requestsWaitForTheFetchThatIsUnderWay() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Void> answered = new CompletableFuture<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      IssuerKeys keys =
          new IssuerKeys(
              "issuer",
              () -> {
                asked.countDown();
                return answered.thenCompose(nothing -> fetch());
              },
              MAX_AGE,
              now::get,
              new EventLog(LogFormat.TEXT));
      List<Future<Optional<JsonWebKey>>> found = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        found.add(threads.submit(() -> keys.find(token(first, "first"))));
      }
      asked.await();
      answered.complete(null);

      for (Future<Optional<JsonWebKey>> one : found) {
        assertThat(one.get(10, TimeUnit.SECONDS)).contains(first);
      }
      assertThat(fetches).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Of many requests with unknown keys, most are answered at once however slow the issuer is. */
  @Test
  void aSlowIssuerHoldsUpFewRequestsForAShortTime() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      IssuerKeys keys =
          new IssuerKeys(
              "issuer",
              () -> new CompletableFuture<>(),
              MAX_AGE,
              now::get,
              new EventLog(LogFormat.TEXT));
      long begun = System.nanoTime();
      List<Future<Optional<JsonWebKey>>> found = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        found.add(threads.submit(() -> keys.find(token(first, "first"))));
      }

      for (Future<Optional<JsonWebKey>> one : found) {
        assertThatThrownBy(() -> one.get(30, TimeUnit.SECONDS))
            .hasCauseInstanceOf(HistoryFailure.Unavailable.class);
      }
      // One after the other in groups of 16 they would take 25 s.
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(IssuerKeys.PATIENCE, Duration.ofSeconds(15));
    } finally {
      threads.shutdownNow();
    }
  }

  private IssuerKeys keys() {
    return new IssuerKeys("issuer", this::fetch, MAX_AGE, now::get, new EventLog(LogFormat.TEXT));
  }

  private CompletableFuture<List<JsonWebKey>> fetch() {
    fetches.incrementAndGet();
    return published == null
        ? CompletableFuture.failedFuture(new IOException("away"))
        : CompletableFuture.completedFuture(published);
  }

  private void later(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static PublicJsonWebKey key(String id) {
    try {
      PublicJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonWebSignature token(PublicJsonWebKey key, String keyId) throws JoseException {
    JsonWebSignature made = new JsonWebSignature();
    made.setPayload("{}");
    made.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    if (keyId != null) {
      made.setKeyIdHeaderValue(keyId);
    }
    made.setKey(key.getPrivateKey());
    JsonWebSignature received = new JsonWebSignature();
    received.setCompactSerialization(made.getCompactSerialization());
    return received;
  }
}
