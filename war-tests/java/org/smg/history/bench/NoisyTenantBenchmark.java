package org.smg.history.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smg.history.wartests.LibertyServer;

/**
 * How long a quiet tenant waits while another one sends as much as it can over 16 connections, with
 * a limit and without. The load runs on the machine of the server; the figures are for people to
 * judge.
 */
class NoisyTenantBenchmark {

  private static final int NOISY_CONNECTIONS = 16;
  private static final int ROUNDS = 3;
  private static final Duration EACH =
      Duration.ofSeconds(Boolean.getBoolean("bench.quick") ? 1 : 8);

  private static final int TOO_MANY = 429;

  /** What the noisy tenant does. */
  private enum Noise {
    NONE,
    WITHOUT_LIMIT,
    /** It waits as the answers say, like OpenAI's SDKs. */
    LIMITED_AND_WAITS,
    /** It sends on whatever is answered. */
    LIMITED_AND_GOES_ON
  }

  @TempDir private Path folder;

  @Test
  void aQuietTenantBesideANoisyOne() throws Exception {
    Path keys = folder.resolve("keys");
    String quiet = key(keys, "quiet", "");
    String noisy = key(keys, "noisy", "");
    String limited = key(keys, "limited", " --requests-per-minute 600");
    try (LibertyServer server =
        LibertyServer.named("bench-noisy")
            .environment(
                Map.of("HISTORY_AUTH", "api-key", "HISTORY_API_KEYS_FILE", keys.toString()))
            .start()) {
      URI uri = URI.create(server.baseUrl() + "/v1/conversations");
      measure(uri, quiet, noisy, Noise.WITHOUT_LIMIT);
      System.out.printf(
          "%-22s %10s %10s %12s%n", "noisy tenant", "p50 ms", "p99 ms", "quiet req/s");
      for (int round = 0; round < ROUNDS; round++) {
        for (Noise noise : Noise.values()) {
          String other = noise == Noise.WITHOUT_LIMIT ? noisy : limited;
          Latencies waited = measure(uri, quiet, other, noise);
          System.out.printf(
              "%-22s %10.2f %10.2f %12.0f%n",
              noise,
              waited.millis(0.5),
              waited.millis(0.99),
              waited.count() / (double) EACH.toSeconds());
        }
      }
    }
  }

  private static Latencies measure(URI uri, String quiet, String noisy, Noise noise)
      throws Exception {
    int others = noise == Noise.NONE ? 0 : NOISY_CONNECTIONS;
    ExecutorService threads = Executors.newFixedThreadPool(others + 1);
    try {
      long end = System.nanoTime() + EACH.toNanos();
      List<Future<?>> noises = new ArrayList<>();
      for (int i = 0; i < others; i++) {
        noises.add(
            threads.submit(
                () -> {
                  shout(uri, noisy, noise == Noise.LIMITED_AND_WAITS, end);
                  return null;
                }));
      }
      Latencies waited = threads.submit(() -> ask(uri, quiet, end)).get();
      for (Future<?> done : noises) {
        done.get();
      }
      return waited;
    } finally {
      threads.shutdownNow();
    }
  }

  /** The quiet tenant: one request after the other. */
  private static Latencies ask(URI uri, String key, long end)
      throws IOException, InterruptedException {
    Latencies latencies = new Latencies();
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = request(uri, key).GET().build();
    while (System.nanoTime() < end) {
      long begin = System.nanoTime();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      latencies.add(System.nanoTime() - begin);
    }
    return latencies;
  }

  private static void shout(URI uri, String key, boolean waits, long end)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        request(uri, key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    while (System.nanoTime() < end) {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isIn(200, TOO_MANY);
      if (waits && answer.statusCode() == TOO_MANY) {
        long asked = answer.headers().firstValueAsLong("retry-after-ms").orElseThrow();
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        TimeUnit.MILLISECONDS.sleep(Math.max(0, Math.min(asked, left)));
      }
    }
  }

  private static HttpRequest.Builder request(URI uri, String key) {
    return HttpRequest.newBuilder(uri)
        .version(HttpClient.Version.HTTP_1_1)
        .header("Authorization", "Bearer " + key);
  }

  private static String key(Path file, String tenant, String more)
      throws IOException, InterruptedException {
    String command =
        "%s -jar %s create --tenant %s --user u --roles history-user --expires never --file %s%s"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("keys.jar"),
                tenant,
                file,
                more);
    Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(Files.exists(file)).isTrue();
    return said.lines().reduce((first, last) -> last).orElseThrow();
  }
}
