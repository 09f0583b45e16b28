package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.storage.SampleTenant;
import redis.clients.jedis.Jedis;

/**
 * Memory that an item takes in Redis, for each byte of its JSON, with ids as they are made here.
 */
class RedisMemoryTest {

  @ParameterizedTest
  @CsvSource({
    "824, 1224, 1.45", // 1 KB on average.
    "1000, 1000, 1.46", // The worst: a node of a list, 8 KB, holds seven of these and most of an
    // eighth.
    "1024, 1024, 1.45",
  })
  void anItemTakesLittleMoreThanItsJson(int shortest, int longest, double factor) {
    int conversations = 200;
    int batches = 5;
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage("redis-key-prefix", "history")) {
      SampleTenant tenant = new SampleTenant(storage, "default");
      Random random = new Random(1);
      tenant.conversation("conv_first");
      long before = usedMemory(redis);
      for (int i = 0; i < conversations; i++) {
        Key conversation = tenant.conversation("conv_" + hex(random));
        for (int batch = 0; batch < batches; batch++) {
          Item[] items = new Item[20];
          for (int item = 0; item < items.length; item++) {
            items[item] = item("msg_" + hex(random), random.nextInt(shortest, longest + 1));
          }
          tenant.append(conversation, items);
        }
      }
      double perItem = (usedMemory(redis) - before) / (double) (conversations * batches * 20);

      double perByte = perItem * 2 / (shortest + longest);
      System.out.printf(
          "%d to %d bytes of JSON: %.0f bytes in Redis, %.3f times as much%n",
          shortest, longest, perItem, perByte);
      assertThat(perByte).isLessThanOrEqualTo(factor);
    }
  }

  /** A turn of 1 KB of input and a response of 3 KB, whose output the conversation has as well. */
  @Test
  void aTurnTakesLessThanThreeAndAHalfTimesItsJson() {
    int conversations = 500;
    int turns = 4;
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage()) {
      SampleTenant tenant = new SampleTenant(storage, "default");
      Random random = new Random(1);
      List<Key> all = new ArrayList<>();
      for (int i = 0; i < conversations; i++) {
        all.add(tenant.conversation("conv_" + hex(random)));
      }
      long json = 0;
      long before = usedMemory(redis);
      for (int i = 0; i < conversations * turns; i++) {
        Item input = item("msg_" + hex(random), 1_024);
        Item output = item("msg_" + hex(random), 2_300);
        String begin =
            "{\"object\":\"response\",\"filler\":\"%s\",\"output\":[".formatted("x".repeat(700));
        JsonText response = JsonText.of(begin + output.json() + "]}");
        json += input.json().length() + response.length();
        tenant.record(
            tenant
                .turn("resp_" + hex(random))
                .in(all.get(i % conversations))
                .json(response)
                .input(input)
                .output(output));
      }
      double perTurn = (usedMemory(redis) - before) / (double) (conversations * turns);

      double perByte = perTurn * conversations * turns / json;
      System.out.printf(
          "a turn: %.0f bytes in Redis, %.3f times as much as its JSON%n", perTurn, perByte);
      assertThat(perByte).isLessThan(3.5);
    }
  }

  private static Item item(String id, int length) {
    String begin =
        ("{\"id\":\"%s\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\","
                + "\"content\":[{\"type\":\"input_text\",\"text\":\"")
            .formatted(id);
    String end = "\"}]}";
    return new Item(
        id,
        "message",
        JsonText.of(begin + "x".repeat(length - begin.length() - end.length()) + end));
  }

  private static String hex(Random random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static long usedMemory(TestRedis redis) {
    try (Jedis jedis = redis.connect()) {
      return jedis
          .info("memory")
          .lines()
          .filter(line -> line.startsWith("used_memory:"))
          .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length())))
          .findAny()
          .orElseThrow();
    }
  }
}
