package org.smg.history.api.metrics;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * An answer that is written after the filters of its request have returned. Servers do not say
 * reliably when such an answer has ended, so that whoever writes it does.
 */
public final class LaterAnswer {

  private static final String ATTRIBUTE = LaterAnswer.class.getName();

  private record Ended(int status, String code) {}

  private final CompletableFuture<Ended> ended = new CompletableFuture<>();

  private LaterAnswer() {}

  /** Has a request counted when its answer has ended. */
  public static LaterAnswer to(HttpServletRequest request) {
    LaterAnswer answer = new LaterAnswer();
    request.setAttribute(ATTRIBUTE, answer);
    return answer;
  }

  /** The answer to a request, or null if it has been written. */
  static LaterAnswer of(HttpServletRequest request) {
    return (LaterAnswer) request.getAttribute(ATTRIBUTE);
  }

  /**
   * To be called once.
   *
   * @param code of the error, or null
   */
  public void end(int status, String code) {
    ended.complete(new Ended(status, code));
  }

  /** Has the status and the code told when it has ended, if need be at once. */
  void whenEnded(BiConsumer<Integer, String> told) {
    ended.thenAccept(end -> told.accept(end.status(), end.code()));
  }
}
