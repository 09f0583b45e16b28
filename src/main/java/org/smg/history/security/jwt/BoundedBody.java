package org.smg.history.security.jwt;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes the body of an answer, if it is not too large. */
final class BoundedBody implements BodySubscriber<byte[]> {

  private final BodySubscriber<byte[]> body = BodySubscribers.ofByteArray();
  private final int max;
  private Flow.Subscription subscription;
  private long received;

  /**
   * @param max bytes
   */
  BoundedBody(int max) {
    this.max = max;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    body.onSubscribe(begun);
  }

  @Override
  public void onNext(List<ByteBuffer> part) {
    received += part.stream().mapToInt(ByteBuffer::remaining).sum();
    if (received > max) {
      subscription.cancel();
      body.onError(new IOException("the answer is larger than %d bytes".formatted(max)));
    } else {
      body.onNext(part);
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.onError(failure);
  }

  @Override
  public void onComplete() {
    body.onComplete();
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body.getBody();
  }
}
