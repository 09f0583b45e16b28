package org.smg.history.storage.redis;

import java.util.stream.IntStream;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.TurnBuilder;

/**
 * A process that records turns until it is killed. For each turn it prints {@code begin} and {@code
 * end} with the turn's name. Its arguments are the URL, the tenant and the prefix of the names.
 */
final class KilledWriter {

  /** Many, so that the kill interrupts turns at different steps. */
  static final int THREADS = 12;

  private KilledWriter() {}

  public static void main(String[] arguments) {
    RedisStorage storage = TestRedis.open(arguments[0]);
    SampleTenant tenant = new SampleTenant(storage, arguments[1]);
    IntStream.range(0, THREADS)
        .forEach(thread -> new Thread(() -> write(tenant, arguments[2], thread)).start());
  }

  private static void write(SampleTenant tenant, String prefix, int thread) {
    for (int step = 0; ; step++) {
      String name = "%s_%d_%d".formatted(prefix, thread, step);
      System.out.println("begin " + name);
      tenant.record(turn(tenant, name));
      System.out.println("end " + name);
    }
  }

  static String conversation(String name) {
    return "conv_" + Integer.parseInt(name.split("_")[1]) % 3;
  }

  static TurnBuilder turn(SampleTenant tenant, String name) {
    return tenant
        .turn("resp_" + name)
        .in(tenant.key(conversation(name)))
        .input(Samples.message("in_" + name))
        .output(Samples.message("out_" + name));
  }
}
