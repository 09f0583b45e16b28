package org.smg.history.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.smg.history.config.Options;

/**
 * The model server that the administrator named, if any: what it is asked, and how many of its
 * answers are under way.
 *
 * <p>The client runs on threads of its own, not on the container's: on GlassFish 6 tasks that the
 * client's selector hands to a managed executor never run (ADR 123). They do not grow with the
 * number of streams, unless callers stop reading on a server whose output blocks.
 */
@ApplicationScoped
public class ModelServer {

  private static final Logger LOG = Logger.getLogger(ModelServer.class.getName());
  private static final String SERVER_THREADS = "java:comp/DefaultManagedScheduledExecutorService";
  private static final int MOST_THREADS = 64;
  private static final long IDLE_THREAD_SECONDS = 30;
  private static final long CHECK_MILLIS = 500;

  private final ModelServerOptions options;
  private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
  private final Semaphore free;
  private ThreadPoolExecutor threads;
  private HttpClient client;
  private Future<?> checks;

  private record Exchange(ModelCall call, AnswerOutput output) {

    void check(long nanoTime) {
      call.checkTime(nanoTime);
      output.check(nanoTime);
    }

    void stop() {
      call.stop();
      output.abort();
    }
  }

  /**
   * @throws org.smg.history.config.InvalidOptions if an option cannot be used
   */
  @Inject
  public ModelServer(Options options) {
    this.options = ModelServerOptions.read(options);
    options.check();
    this.free = new Semaphore(this.options.maxStreams());
  }

  /** For the container's proxy. */
  protected ModelServer() {
    this.options = null;
    this.free = null;
  }

  /** Whether there is one. */
  public boolean isConfigured() {
    return options.url().isPresent();
  }

  /** Whether it has a key that is sent with requests which bring none. */
  public boolean hasApiKey() {
    return !options.apiKey().isEmpty();
  }

  /** For administrators. */
  public String describe() {
    return options
        .url()
        .map(url -> "The model server is " + url)
        .orElse("No model server is configured");
  }

  /** How long a request to it may be, in bytes. */
  public int maxRequestBytes() {
    return options.maxRequestBytes();
  }

  /** To be called by a thread of the container, before the first request. */
  public synchronized void begin() {
    if (!isConfigured()) {
      return;
    }
    ClassLoader application = Thread.currentThread().getContextClassLoader();
    threads =
        new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "history-gateway");
              thread.setDaemon(true);
              thread.setContextClassLoader(application);
              return thread;
            });
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.connectTimeout())
            .executor(threads)
            .build();
    checks =
        scheduler()
            .scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static ScheduledExecutorService scheduler() {
    try {
      return InitialContext.doLookup(SERVER_THREADS);
    } catch (NamingException noThreads) {
      throw new IllegalStateException("The server has no " + SERVER_THREADS, noThreads);
    }
  }

  /** Ends what is still open: on some servers the callers' connections would hang for ever. */
  synchronized void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object end) {
    if (client != null) {
      checks.cancel(false);
      open.forEach(Exchange::stop);
      client = null;
      threads.shutdown();
    }
  }

  private void check() {
    long now = System.nanoTime();
    for (Exchange exchange : open) {
      try {
        exchange.check(now);
      } catch (RuntimeException failure) {
        // Thrown on, it would end the checks of all.
        LOG.log(Level.WARNING, "An exchange with the model server could not be checked", failure);
      }
    }
  }

  /** Runs a task that may wait for a caller. */
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /**
   * Asks, and relays the answer byte for byte.
   *
   * @return whether it was asked; if not, as many answers as may be are under way
   */
  public boolean passThrough(ModelRequest request, AnswerOutput output) {
    if (!free.tryAcquire()) {
      return false;
    }
    ModelCall call = new ModelCall(new PassThrough(output), options.timeout());
    Exchange exchange = new Exchange(call, output);
    open.add(exchange);
    output.begin(
        () -> {
          open.remove(exchange);
          free.release();
          call.cancel();
        });
    call.start(client, http(request), threads);
    return true;
  }

  private HttpRequest http(ModelRequest request) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(URI.create(options.url().orElseThrow() + request.path()))
            .method(
                request.method(),
                request.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(header -> http.setHeader(header.name(), header.value()));
    credential(request).ifPresent(value -> http.setHeader("Authorization", value));
    return http.build();
  }

  private Optional<String> credential(ModelRequest request) {
    return request
        .authorization()
        .or(() -> hasApiKey() ? Optional.of("Bearer " + options.apiKey()) : Optional.empty());
  }
}
