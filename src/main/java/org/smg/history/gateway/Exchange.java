package org.smg.history.gateway;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One answer under way, from the model server to the caller. It ends when both sides have. */
final class Exchange {

  private final AnswerOutput output;
  private final Consumer<Exchange> whenEnded;
  private final AtomicInteger openSides = new AtomicInteger(2);
  private ModelCall call;

  /**
   * @param whenEnded called once
   */
  Exchange(AnswerOutput output, Consumer<Exchange> whenEnded) {
    this.output = output;
    this.whenEnded = whenEnded;
  }

  /**
   * @param endsWithTheCaller whether the model server's answer is of no use once the caller has
   *     hung up
   */
  void begin(ModelCall begun, boolean endsWithTheCaller) {
    call = begun;
    output.begin(
        () -> {
          if (endsWithTheCaller) {
            begun.hangUp();
          }
          sideEnded();
        });
  }

  void callEnded() {
    sideEnded();
  }

  private void sideEnded() {
    if (openSides.decrementAndGet() == 0) {
      output.closed();
      whenEnded.accept(this);
    }
  }

  /** To be called from time to time. */
  void check(long nanoTime) {
    call.checkTime(nanoTime);
    output.check(nanoTime);
  }

  /** The service is being stopped: what has arrived is recorded, and the caller is told. */
  void stop() {
    call.stop();
  }

  /** Ends the caller's side, too, whatever it has been told. */
  void abort() {
    output.abort();
  }
}
