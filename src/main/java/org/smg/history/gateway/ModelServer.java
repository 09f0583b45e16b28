package org.smg.history.gateway;

import jakarta.enterprise.concurrent.ContextService;
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
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.smg.history.config.Options;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.Caller;

/**
 * The model server that the administrator named, if any: what it is asked, and how many of its
 * answers are under way.
 *
 * <p>The client runs on threads of its own, not on the container's (ADR 123). Their number does not
 * grow with that of the streams.
 */
@ApplicationScoped
public class ModelServer {

  private static final Logger LOG = Logger.getLogger(ModelServer.class.getName());
  private static final String SCHEDULER = "java:comp/DefaultManagedScheduledExecutorService";
  private static final String CONTEXT = "java:comp/DefaultContextService";
  private static final int RELAY_THREADS = 46;
  private static final int RECORD_THREADS = 16;
  private static final long IDLE_THREAD_SECONDS = 30;
  private static final long CHECK_MILLIS = 500;
  private static final long STOP_SECONDS = 5;

  private final ModelServerOptions options;
  private final CallRecorder recorder;
  private final ModelServerObserver observer;
  private final EventLog log;
  private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
  private final Semaphore free;
  private final LateEnds lateEnds;
  private ThreadPoolExecutor relays;
  private ThreadPoolExecutor recorders;
  private Executor context;
  private HttpClient client;
  private Future<?> checks;
  private ExitHook exit;
  private volatile boolean stopping;

  /**
   * @throws org.smg.history.config.InvalidOptions if an option cannot be used
   */
  @Inject
  public ModelServer(
      Options options, CallRecorder recorder, ModelServerObserver observer, EventLog log) {
    this.options = ModelServerOptions.read(options);
    options.check();
    this.recorder = recorder;
    this.observer = observer;
    this.log = log;
    this.free = new Semaphore(this.options.maxStreams());
    this.lateEnds = new LateEnds(log);
  }

  /** For the container's proxy. */
  protected ModelServer() {
    this.options = null;
    this.recorder = null;
    this.observer = null;
    this.log = null;
    this.free = null;
    this.lateEnds = null;
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
        .map(
            url ->
                "The model server is %s; chat completions are %s"
                    .formatted(url, options.recordsChat() ? "recorded" : "not recorded"))
        .orElse("No model server is configured");
  }

  /** How long a request to it may be, in bytes. */
  public int maxRequestBytes() {
    return options.maxRequestBytes();
  }

  /** How many of its answers may be under way at once. */
  public int maxStreams() {
    return options.maxStreams();
  }

  /** To be called by a thread of the container, before the first request. */
  public synchronized void begin() {
    if (!isConfigured()) {
      return;
    }
    ClassLoader application = Thread.currentThread().getContextClassLoader();
    relays = threads(RELAY_THREADS, "history-gateway", application);
    recorders = threads(RECORD_THREADS, "history-recorder", application);
    try {
      ContextService contexts = InitialContext.doLookup(CONTEXT);
      // Whoever reads and writes the history needs the application's names, on all servers.
      context = contexts.createContextualProxy(Runnable::run, Executor.class);
      ScheduledExecutorService scheduler = InitialContext.doLookup(SCHEDULER);
      checks =
          scheduler.scheduleWithFixedDelay(
              this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (NamingException missing) {
      throw new IllegalStateException("The server lacks what the gateway needs", missing);
    }
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.connectTimeout())
            .executor(relays)
            .build();
    exit = new ExitHook(this::stop);
    exit.register();
  }

  private static ThreadPoolExecutor threads(int most, String name, ClassLoader application) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              thread.setContextClassLoader(application);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /**
   * Ends what is open, for its callers and in the history, and waits until that is done, for at
   * most five seconds. What is asked later is refused.
   */
  private void stop() {
    stopping = true;
    open.forEach(Exchange::stop);
    try {
      if (free.tryAcquire(options.maxStreams(), STOP_SECONDS, TimeUnit.SECONDS)) {
        free.release(options.maxStreams());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what is still open: on some servers the callers' connections would hang for ever. */
  synchronized void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object end) {
    if (client != null) {
      exit.remove();
      checks.cancel(false);
      stopping = true;
      open.forEach(Exchange::stop);
      recorders.shutdown();
      awaitRecorders();
      open.forEach(Exchange::abort);
      relays.shutdown();
      client = null;
    }
  }

  private void awaitRecorders() {
    try {
      if (!recorders.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.write(
            LOG,
            Level.WARNING,
            Event.of(
                "model_answer_not_recorded",
                "Not all calls of the model server that were under way could be recorded"));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void check() {
    lateEnds.retry(recording());
    long now = System.nanoTime();
    for (Exchange exchange : open) {
      try {
        exchange.check(now);
      } catch (RuntimeException failure) {
        // Thrown on, it would end the checks of all.
        log.write(
            LOG,
            Level.WARNING,
            Event.of("fault", "An exchange with the model server could not be checked"),
            failure);
      }
    }
  }

  /** Runs a task that may wait for a caller. */
  public void execute(Runnable task) {
    relays.execute(task);
  }

  /**
   * Asks, and relays the answer byte for byte.
   *
   * @param output is opened when nothing of the request is refused any more
   * @return whether it was asked; if not, as many answers as may be are under way
   */
  public boolean passThrough(ModelRequest request, Supplier<AnswerOutput> output) {
    return ask(() -> Call.unrecorded(request), output);
  }

  /**
   * Asks for a chat completion, relays it byte for byte and records it, unless that is switched off
   * or the request forbids it.
   *
   * @param output is opened when nothing of the request is refused any more
   * @return whether it was asked; if not, as many answers as may be are under way
   * @throws org.smg.history.model.HistoryFailure.Invalid if it could not be recorded
   */
  public boolean completeChat(Caller caller, ModelRequest request, Supplier<AnswerOutput> output) {
    return options.recordsChat()
        ? ask(() -> recorder.chat(caller, request, lateEnds::add), output)
        : passThrough(request, output);
  }

  /**
   * Asks for a response that follows what was said before, relays it and records it, unless the
   * request forbids it.
   *
   * @param output is opened when nothing of the request is refused any more
   * @return whether it was asked; if not, as many answers as may be are under way
   * @throws org.smg.history.model.HistoryFailure if it could not be begun
   */
  public boolean respond(Caller caller, ModelRequest request, Supplier<AnswerOutput> output) {
    return ask(
        () -> recorder.response(caller, request, options.maxRequestBytes(), lateEnds::add), output);
  }

  private boolean ask(Supplier<Prepared> preparing, Supplier<AnswerOutput> output) {
    if (stopping) {
      AnswerOutput refused = output.get();
      refused.begin(refused::closed);
      refused.refuse(ModelServerFailure.stopping());
      return true;
    }
    if (!free.tryAcquire()) {
      return false;
    }
    try {
      Prepared prepared = preparing.get();
      if (prepared instanceof ReadyAnswer ready) {
        AnswerOutput opened = output.get();
        opened.begin(free::release);
        ready.leave(opened);
      } else {
        ask((Call) prepared, output);
      }
      return true;
    } catch (RuntimeException refused) {
      free.release();
      throw refused;
    }
  }

  private void ask(Call asked, Supplier<AnswerOutput> output) {
    try {
      ask(asked, http(asked.request()), output.get());
    } catch (RuntimeException refused) {
      asked.record().fail(ModelServerFailure.notAsked());
      throw refused;
    }
  }

  private void ask(Call asked, HttpRequest http, AnswerOutput output) {
    Relay relay =
        new Relay(
            output,
            asked.record(),
            asked.isKept() ? recording() : Runnable::run,
            lateEnds,
            observer,
            asked.request().path(),
            log);
    Exchange exchange =
        new Exchange(
            output,
            ended -> {
              open.remove(ended);
              free.release();
              observer.ended();
            });
    ModelCall call = new ModelCall(relay, options.timeout(), exchange::callEnded, log);
    observer.begun();
    open.add(exchange);
    exchange.begin(
        call, !asked.isKept() || options.onHangUp() == ModelServerOptions.OnHangUp.CANCEL);
    call.start(client, http);
    if (stopping) {
      // It may have come too late to be among those that were stopped.
      exchange.stop();
    }
  }

  private Executor recording() {
    return task -> recorders.execute(() -> context.execute(task));
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
