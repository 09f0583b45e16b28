package org.smg.history.gateway;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;

/** One request to the model server, until its answer has ended. */
final class ModelCall implements BodyHandler<Void>, BodySubscriber<Void> {

  private static final Logger LOG = Logger.getLogger(ModelCall.class.getName());

  private static final long NEVER = Long.MAX_VALUE;

  /** How long a model server may take to close an answer that is complete. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final AnswerReceiver receiver;
  private final Runnable whenEnded;
  private final EventLog log;
  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Nanoseconds of {@link System#nanoTime} from {@link #start} on, or {@link #NEVER}. */
  private volatile long waitingSince = NEVER;

  private volatile Duration timeout;
  private volatile CompletableFuture<HttpResponse<Void>> answer;
  private volatile Flow.Subscription subscription;

  /**
   * @param whenEnded called once, when nothing more comes or is wanted
   */
  ModelCall(AnswerReceiver receiver, Duration timeout, Runnable whenEnded, EventLog log) {
    this.receiver = receiver;
    this.timeout = timeout;
    this.whenEnded = whenEnded;
    this.log = log;
  }

  void start(HttpClient client, HttpRequest request) {
    waitingSince = System.nanoTime();
    answer = client.sendAsync(request, this);
    answer.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            fail(meaning(failure));
          }
        });
  }

  /** The receiver can take more. */
  void more() {
    waitingSince = System.nanoTime();
    subscription.request(1);
  }

  /** The answer is complete, whatever still comes. */
  void awaitEnd() {
    timeout = CLOSING;
  }

  /** The answer is no longer wanted. The receiver is told nothing more. */
  void cancel() {
    if (ended.compareAndSet(false, true)) {
      release();
    }
  }

  /** Nobody wants the answer any more. */
  void hangUp() {
    fail(ModelServerFailure.hungUp());
  }

  /** The service is being stopped. */
  void stop() {
    fail(ModelServerFailure.stopping());
  }

  /** Ends a call whose model server takes too long. To be called from time to time. */
  void checkTime(long nanoTime) {
    long since = waitingSince;
    if (since != NEVER && nanoTime - since > timeout.toNanos()) {
      fail(ModelServerFailure.timeout());
    }
  }

  @Override
  public BodySubscriber<Void> apply(ResponseInfo head) {
    if (!ended.get()) {
      receiver.begin(this, head.statusCode(), head.headers());
    }
    return this;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription body) {
    subscription = body;
    if (ended.get()) {
      body.cancel();
    } else {
      more();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    waitingSince = NEVER;
    if (!ended.get()) {
      receiver.body(joined(parts));
    }
  }

  private static byte[] joined(List<ByteBuffer> parts) {
    byte[] joined = new byte[parts.stream().mapToInt(ByteBuffer::remaining).sum()];
    int at = 0;
    for (ByteBuffer part : parts) {
      int length = part.remaining();
      part.get(joined, at, length);
      at += length;
    }
    return joined;
  }

  @Override
  public void onError(Throwable failure) {
    fail(meaning(failure));
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (ended.compareAndSet(false, true)) {
      waitingSince = NEVER;
      whenEnded.run();
      receiver.end();
    }
    body.complete(null);
  }

  private void fail(ModelServerFailure failure) {
    if (ended.compareAndSet(false, true)) {
      release();
      receiver.failed(failure);
    }
  }

  private void release() {
    waitingSince = NEVER;
    whenEnded.run();
    Flow.Subscription open = subscription;
    if (open != null) {
      open.cancel();
    }
    CompletableFuture<?> asked = answer;
    if (asked != null) {
      asked.cancel(true);
    }
  }

  private ModelServerFailure meaning(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    log.write(LOG, Level.FINE, Event.of("model_server_failure", "The model server failed"), cause);
    return cause instanceof ConnectException
            || cause instanceof HttpConnectTimeoutException
            || cause instanceof UnresolvedAddressException
        ? ModelServerFailure.unreachable()
        : ModelServerFailure.brokenOff();
  }
}
