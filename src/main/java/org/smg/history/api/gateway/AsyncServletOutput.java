package org.smg.history.api.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.smg.history.api.error.ApiError;
import org.smg.history.gateway.AnswerOutput;
import org.smg.history.gateway.ModelRequest;
import org.smg.history.gateway.ModelServerFailure;

/**
 * Writes an answer through the servlet's asynchronous output. There is no lock: servers call back
 * while they hold locks of their own. Whoever comes while somebody writes leaves it to that one.
 */
final class AsyncServletOutput implements AnswerOutput, WriteListener {

  /** A caller that takes nothing for so long is treated as one that hung up. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /** Balancers close connections on which nothing moves for a minute. */
  private static final long SILENCE_NANOS = 15_000_000_000L;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private static final Part COMMENT = new Part(": \n\n".getBytes(US_ASCII), () -> {});
  private static final Part END = new Part(new byte[0], () -> {});

  private record Part(byte[] bytes, Runnable whenTaken) {}

  /** Is told once how an answer ended. */
  interface Report {

    /**
     * @param code of the error with which it was answered, or null
     * @param bytes of its body that were written
     * @param how in few words
     */
    void ended(int status, String code, long bytes, long millis, String how);
  }

  private final AsyncContext async;
  private final HttpServletResponse response;
  private final Executor threads;
  private final Report report;
  private final Runnable whenClosed;
  private final long begun = System.nanoTime();

  private final Queue<Part> parts = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wanted = new AtomicInteger();
  private final AtomicBoolean ended = new AtomicBoolean();

  private Runnable whenEnded;
  private ServletOutputStream out;

  // Of whoever writes.
  private Part current = END;
  private int flushes;
  private boolean flushed;
  private volatile long bytes;
  private final EventBoundary boundary = new EventBoundary();

  private volatile int status;
  private volatile String code;
  private volatile boolean streams;
  private volatile boolean waiting;
  private volatile long moved = begun;

  /**
   * @param async of the request; has to be without a timeout
   * @param threads run what may wait for the caller
   * @param report is told of the end
   * @param whenClosed called once, when nothing is under way any more
   */
  AsyncServletOutput(
      AsyncContext async,
      HttpServletResponse response,
      Executor threads,
      Report report,
      Runnable whenClosed) {
    this.async = async;
    this.response = response;
    this.threads = threads;
    this.report = report;
    this.whenClosed = whenClosed;
  }

  @Override
  public void begin(Runnable toBeDone) {
    whenEnded = toBeDone;
  }

  @Override
  public void answer(int itsStatus, List<ModelRequest.Header> headers, byte[] body) {
    response.setContentLengthLong(body.length);
    parts.add(new Part(body, () -> {}));
    parts.add(END);
    open(itsStatus, headers);
  }

  @Override
  public void refuse(ModelServerFailure failure) {
    ApiError error = ApiError.of(failure);
    code = error.code();
    response.setContentType(MediaType.APPLICATION_JSON);
    error.headers().forEach(response::setHeader);
    answer(error.status(), List.of(), error.body().toUtf8());
  }

  @Override
  public void stream(int itsStatus, List<ModelRequest.Header> headers) {
    streams = true;
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("X-Accel-Buffering", "no");
    open(itsStatus, headers);
  }

  /** From here on the server calls {@link #onWritePossible}. */
  private void open(int itsStatus, List<ModelRequest.Header> headers) {
    status = itsStatus;
    response.setStatus(itsStatus);
    headers.forEach(header -> response.setHeader(header.name(), header.value()));
    try {
      out = response.getOutputStream();
      out.setWriteListener(this);
    } catch (IOException | RuntimeException gone) {
      finish("the caller hung up");
    }
  }

  @Override
  public void send(byte[] part, Runnable whenTaken) {
    parts.add(new Part(part, whenTaken));
    drain();
  }

  @Override
  public void end() {
    parts.add(END);
    drain();
  }

  @Override
  public void onWritePossible() {
    drain();
  }

  @Override
  public void onError(Throwable failure) {
    giveUp("the caller hung up");
  }

  private void drain() {
    if (out == null || wanted.getAndIncrement() > 0) {
      return;
    }
    int served = 1;
    do {
      try {
        write();
      } catch (IOException | RuntimeException gone) {
        finish("the caller hung up");
      }
      if (ended.get()) {
        takeTheRest();
      }
      served = wanted.addAndGet(-served);
    } while (served > 0);
  }

  private void write() throws IOException {
    while (!ended.get() && out.isReady()) {
      if (flushes > 0) {
        out.flush();
        flushes--;
        taken(flushes == 0);
      } else {
        Part next = parts.poll();
        if (next == null) {
          waiting = false;
          return;
        }
        write(next);
      }
    }
    waiting = true;
  }

  private void write(Part next) throws IOException {
    if (next == END) {
      finish("complete");
    } else if (next != COMMENT || boundary.isReached()) {
      waiting = true;
      current = next;
      out.write(next.bytes());
      boundary.passed(next.bytes());
      bytes += next.bytes().length;
      moved = System.nanoTime();
      if (streams) {
        // Open Liberty ignores the first one.
        flushes = flushed ? 1 : 2;
        flushed = true;
      }
    }
  }

  private void taken(boolean whole) {
    moved = System.nanoTime();
    if (whole) {
      takeCurrent();
    }
  }

  private void takeCurrent() {
    Part taken = current;
    current = END;
    taken.whenTaken().run();
  }

  /** What is not sent any more counts as taken. */
  private void takeTheRest() {
    takeCurrent();
    for (Part part = parts.poll(); part != null; part = parts.poll()) {
      part.whenTaken().run();
    }
  }

  @Override
  public void check(long nanoTime) {
    if (!streams || ended.get()) {
      return;
    }
    long still = nanoTime - moved;
    if (waiting && still > PATIENCE_NANOS) {
      threads.execute(() -> giveUp("the caller stopped reading"));
    } else if (!waiting && still > SILENCE_NANOS) {
      moved = nanoTime;
      parts.add(COMMENT);
      threads.execute(this::drain);
    }
  }

  @Override
  public void closed() {
    whenClosed.run();
  }

  @Override
  public void abort() {
    giveUp("the service is being stopped");
  }

  private void giveUp(String why) {
    finish(why);
    drain();
  }

  private void finish(String how) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      async.complete();
    } catch (IllegalStateException completed) {
      // The server has ended the answer already.
    }
    report.ended(status, code, bytes, (System.nanoTime() - begun) / NANOS_PER_MILLI, how);
    whenEnded.run();
  }
}
