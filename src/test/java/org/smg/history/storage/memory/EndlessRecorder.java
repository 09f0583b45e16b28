package org.smg.history.storage.memory;

import java.util.Optional;
import org.smg.history.config.Options;
import org.smg.history.model.Key;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;

/**
 * Records turns of 10 KB, with feedback, in ever new conversations, under the default options,
 * until five times the heap was recorded.
 */
final class EndlessRecorder {

  private static final String TEXT = "x".repeat(5_000);
  private static final int TURN_BYTES = 10_000;

  private EndlessRecorder() {}

  public static void main(String[] arguments) {
    MemoryStorage storage = new MemoryStorage(new Options(name -> Optional.empty()));
    SampleTenant tenant = new SampleTenant(storage, "default");
    long turns = 5 * Runtime.getRuntime().maxMemory() / TURN_BYTES;
    Key conversation = null;
    for (long turn = 0; turn < turns; turn++) {
      if (turn % 10 == 0) {
        conversation = tenant.conversation("conv_" + turn);
      }
      tenant.record(
          tenant
              .turn("resp_" + turn)
              .in(conversation)
              .input(Samples.message("in_" + turn, TEXT))
              .output(Samples.message("out_" + turn, TEXT)));
      tenant.feedback("fb_" + turn, "resp_" + turn);
    }
    System.out.println(storage.metrics());
    if (storage.metrics().get("evicted") == 0) {
      System.exit(1);
    }
  }
}
