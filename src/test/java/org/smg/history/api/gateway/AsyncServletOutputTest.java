package org.smg.history.api.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is written when, to callers that read and to callers that do not. */
class AsyncServletOutputTest {

  private static final String EVENT = "data: 1\n\n";

  private final Caller caller = new Caller();
  private final List<String> reports = new ArrayList<>();
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private final AsyncServletOutput output =
      new AsyncServletOutput(
          fake(
              AsyncContext.class,
              method -> {
                if (method.equals("complete")) {
                  completed.incrementAndGet();
                }
                return null;
              }),
          fake(
              HttpServletResponse.class,
              method -> method.equals("getOutputStream") ? caller : null),
          Runnable::run,
          (status, code, bytes, millis, how) -> reports.add(status + " " + how),
          () -> {});

  private interface Answers {
    Object to(String method);
  }

  private static <T> T fake(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.to(method.getName())));
  }

  private static final class Caller extends ServletOutputStream {

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private WriteListener listener;
    private boolean reads = true;
    private boolean hasHungUp;
    private int flushes;

    @Override
    public boolean isReady() {
      return reads;
    }

    @Override
    public void setWriteListener(WriteListener set) {
      listener = set;
    }

    @Override
    public void write(int b) throws IOException {
      if (hasHungUp) {
        throw new IOException("Broken pipe");
      }
      received.write(b);
    }

    @Override
    public void flush() throws IOException {
      flushes++;
      if (hasHungUp) {
        throw new IOException("Broken pipe");
      }
    }

    String received() {
      return received.toString(UTF_8);
    }
  }

  private void begin() throws IOException {
    output.begin(ended::incrementAndGet);
    output.stream(200, List.of());
    caller.listener.onWritePossible();
  }

  private void send(String part) {
    output.send(part.getBytes(UTF_8), taken::incrementAndGet);
  }

  private void checkAfter(Duration time) {
    output.check(System.nanoTime() + time.toNanos());
  }

  /** Open Liberty ignores the first flush. */
  @Test
  void theFirstPartIsFlushedTwice() throws IOException {
    begin();
    send(EVENT);
    assertThat(caller.flushes).isEqualTo(2);
    send(EVENT);
    assertThat(caller.flushes).isEqualTo(3);
    assertThat(taken).hasValue(2);
  }

  @Test
  void theEndCompletesTheRequestOnce() throws IOException {
    begin();
    send(EVENT);
    output.end();
    output.abort();

    assertThat(caller.received()).isEqualTo(EVENT);
    assertThat(reports).containsExactly("200 complete");
    assertThat(completed).hasValue(1);
    assertThat(ended).hasValue(1);
  }

  @Test
  void aSilentStreamGetsACommentBetweenTwoEvents() throws IOException {
    begin();
    send(EVENT);
    checkAfter(Duration.ofSeconds(14));
    assertThat(caller.received()).isEqualTo(EVENT);

    checkAfter(Duration.ofSeconds(16));
    send(EVENT);

    assertThat(caller.received()).isEqualTo(EVENT + ": \n\n" + EVENT);
    assertThat(taken).hasValue(2);
  }

  @Test
  void noCommentGoesIntoAnEvent() throws IOException {
    begin();
    send("data: half of");
    checkAfter(Duration.ofSeconds(16));
    send(" an event\n\n");

    assertThat(caller.received()).isEqualTo("data: half of an event\n\n");
  }

  @Test
  void whatIsNotReadWaits() throws IOException {
    begin();
    caller.reads = false;
    send(EVENT);
    assertThat(caller.received()).isEmpty();
    assertThat(taken).hasValue(0);

    caller.reads = true;
    caller.listener.onWritePossible();

    assertThat(caller.received()).isEqualTo(EVENT);
    assertThat(taken).hasValue(1);
  }

  @Test
  void aCallerThatReadsNothingForAMinuteHasHungUp() throws IOException {
    begin();
    caller.reads = false;
    send(EVENT);
    checkAfter(Duration.ofSeconds(59));
    assertThat(completed).hasValue(0);

    checkAfter(Duration.ofSeconds(61));

    assertThat(completed).hasValue(1);
    assertThat(ended).hasValue(1);
    assertThat(taken).hasValue(1);
  }

  /** So that whoever sends can come to its end. */
  @Test
  void everythingCountsAsTakenOnceTheCallerHasHungUp() throws IOException {
    begin();
    caller.hasHungUp = true;
    send(EVENT);
    send(EVENT);
    output.end();

    assertThat(taken).hasValue(2);
    assertThat(completed).hasValue(1);
    assertThat(ended).hasValue(1);
  }

  /** Some servers notice only when they flush. */
  @Test
  void whatWasWrittenAndNotFlushedCountsAsTaken() throws IOException {
    begin();
    caller.reads = true;
    send("");
    caller.hasHungUp = true;
    send("");

    assertThat(taken).hasValue(2);
    assertThat(ended).hasValue(1);
  }
}
