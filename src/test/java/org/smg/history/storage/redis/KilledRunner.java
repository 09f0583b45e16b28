package org.smg.history.storage.redis;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.SampleTenant;

/**
 * A process that makes runs until it, or its Redis, is killed. For each run it prints {@code
 * begin}, {@code begun} and {@code end} with the run's name. Its arguments are the URL, the tenant
 * and the prefix of the names.
 */
final class KilledRunner {

  /** Many, so that the kill interrupts runs at different steps; each has its own conversation. */
  static final int THREADS = 12;

  private KilledRunner() {}

  public static void main(String[] arguments) throws InterruptedException {
    RedisStorage storage = TestRedis.open(arguments[0]);
    SampleTenant tenant = new SampleTenant(storage, arguments[1]);
    Thread[] threads =
        IntStream.range(0, THREADS)
            .mapToObj(thread -> new Thread(() -> make(tenant, arguments[2], thread)))
            .toArray(Thread[]::new);
    Stream.of(threads).forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    System.exit(0);
  }

  private static void make(SampleTenant tenant, String prefix, int thread) {
    for (int step = 0; ; step++) {
      String name = "%s_%d_%d".formatted(prefix, thread, step);
      SampleRun run = run(tenant, name);
      try {
        System.out.println("begin " + name);
        run.begin();
        System.out.println("begun " + name);
        run.finish();
        System.out.println("end " + name);
      } catch (HistoryFailure.Unavailable killed) {
        return;
      }
    }
  }

  static SampleRun run(SampleTenant tenant, String name) {
    return new SampleRun(tenant, "resp_" + name, tenant.key("conv_" + name.split("_")[1]));
  }
}
