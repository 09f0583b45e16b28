package org.smg.history.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.scopeOf;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;
import org.smg.history.model.Conversation;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.storage.Storage;

/** How much heap history takes, against the JSON that it consists of. */
class MemoryHeapTest {

  private static final double LIMIT = 1.5;

  private static final int ITEMS = 100_000;
  private static final int ITEM_BYTES = 1024;
  private static final int BATCH = 20;

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void manyConversationsTakeLittleMoreHeapThanTheirJson() {
    assertThat(heapPerByteOfJson("1,000 conversations of 100 items", 1_000, "delivery "))
        .isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void oneLongConversationTakesLittleMoreHeapThanItsJson() {
    assertThat(heapPerByteOfJson("1 conversation of 100,000 items", 1, "delivery "))
        .isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void textThatIsNotLatinTakesLittleMoreHeapThanItsJson() {
    assertThat(heapPerByteOfJson("1,000 conversations, Greek text", 1_000, "παράδοση "))
        .isLessThanOrEqualTo(LIMIT);
  }

  /** A process with a small heap, which records for ever unless it fails. */
  @Test
  void aLoadThatRecordsForEverStaysWithinTheHeap() throws Exception {
    Process recorder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessRecorder.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(recorder.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(recorder.waitFor()).as(said).isZero();
    // Five times what the heap could hold.
    assertThat(said).contains("evicted");
  }

  private static double heapPerByteOfJson(String what, int conversations, String word) {
    long before = heapInUse();
    Storage storage = new MemoryStorage(new Options(name -> Optional.empty()));
    long json = store(storage, conversations, word);
    long heap = heapInUse() - before;
    Reference.reachabilityFence(storage);

    long counted = storage.metrics().get("bytes");
    assertThat(counted)
        .as("the bytes that are counted, of a heap of %d bytes", heap)
        .isBetween((long) (0.9 * heap), (long) (1.4 * heap));
    double ratio = (double) heap / json;
    System.out.printf(
        "heap: %s of %d bytes: %d bytes each, %.2f of the JSON%n",
        what, json / ITEMS, heap / ITEMS, ratio);
    return ratio;
  }

  /** Stores 100,000 items, evenly spread, of which nothing is shared; answers the JSON's bytes. */
  private static long store(Storage storage, int conversations, String word) {
    long json = 0;
    int number = 0;
    for (int c = 0; c < conversations; c++) {
      Key key = new Key("default", id("conv", c));
      storage
          .conversations()
          .create(
              scopeOf(new Conversation(key, null, NOW, NOW, Metadata.NONE).key()),
              new Conversation(key, null, NOW, NOW, Metadata.NONE),
              List.of());
      for (int stored = 0; stored < ITEMS / conversations; stored += BATCH) {
        List<ItemInput> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          Item item = message(number++, word);
          json += item.json().length();
          batch.add(item);
        }
        storage.conversations().append(scopeOf(key), key.id(), batch, NOW);
      }
    }
    return json;
  }

  private static Item message(int number, String word) {
    String id = id("msg", number);
    String begin =
        "{\"id\":\"%s\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\""
            .formatted(id);
    String end = "\"}]}";
    int words =
        (ITEM_BYTES - begin.length() - end.length()) / word.getBytes(StandardCharsets.UTF_8).length;
    // A text of its own for the type, as it comes out of a parser.
    String type = String.valueOf("message".toCharArray());
    return new Item(id, type, JsonText.of(begin + word.repeat(words) + end));
  }

  /** As long as a real one. */
  private static String id(String prefix, int number) {
    return "%s_%013x%019x".formatted(prefix, 0x64402b1e23a00L + number, 31L * number);
  }

  private static long heapInUse() {
    Runtime runtime = Runtime.getRuntime();
    long last = Long.MAX_VALUE;
    long now = collected(runtime);
    // Until a collection finds nothing more to free.
    while (now < last) {
      last = now;
      now = collected(runtime);
    }
    return last;
  }

  private static long collected(Runtime runtime) {
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
