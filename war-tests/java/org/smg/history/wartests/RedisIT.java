package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.redis.TestRedis;
import redis.clients.jedis.Jedis;

/** The WAR with its history in Redis, told so by environment variables alone. */
@OnLiberty
class RedisIT {

  @Test
  void whatIsAcknowledgedSurvivesTheDeathOfRedisAndTheServerRecoversByItself() throws Exception {
    try (TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always");
        LibertyServer server = server("redis-faults", redis).start()) {
      Http http = server.http();
      String conversation = create(http);
      Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
      Queue<Answer> refused = new ConcurrentLinkedQueue<>();
      AtomicBoolean writing = new AtomicBoolean(true);
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int writer = i;
        writers.add(
            new Thread(() -> write(http, conversation, writer, writing, acknowledged, refused)));
      }
      writers.forEach(Thread::start);
      TestRedis.await("clients write", () -> acknowledged.size() > 100);

      redis.kill();
      TestRedis.await("clients are refused", () -> refused.size() > 20);
      assertThat(http.get("/health/ready").status()).isEqualTo(503);
      int before = acknowledged.size();
      redis.restart();
      TestRedis.await("clients write again", () -> acknowledged.size() > before + 100);
      writing.set(false);
      for (Thread writer : writers) {
        writer.join();
      }

      assertThat(refused)
          .allSatisfy(
              answer -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isNotNull();
              });
      assertThat(http.get("/health/ready").status()).isEqualTo(200);
      Set<String> kept = new HashSet<>(itemIds(http, conversation));
      assertThat(kept).containsAll(acknowledged);
    }
  }

  @Test
  void aServerThatStartsBeforeRedisIsReadyOnceRedisIs() throws IOException {
    try (TestRedis redis = TestRedis.start()) {
      redis.kill();
      LibertyServer server = server("redis-late", redis).make();
      try (server) {
        server.launch();
        server.awaitLogged(".*The history backend does not answer yet.*");
        TestRedis.await("the server answers", () -> ready(server) == 503);
        assertThat(server.http().get("/v1/conversations/conv_x").status()).isEqualTo(503);

        redis.restart();

        TestRedis.await("the server is ready", () -> ready(server) == 200);
        String conversation = create(server.http());
        assertThat(server.http().get("/v1/conversations/" + conversation).status()).isEqualTo(200);
        assertThat(clients(redis)).contains("name=history");

        Files.delete(
            Path.of(System.getProperty("work"), "redis-late/servers/redis-late/apps/history.war"));

        TestRedis.await(
            "an application that is stopped closes its connections",
            () -> !clients(redis).contains("name=history"));
        assertThat(server.running()).isTrue();
      }
      assertThat(server.log()).doesNotContain("SLF4J");
    }
  }

  @Test
  void aPasswordThatRedisRefusesIsSaidInOneLineWithoutIt() {
    try (TestRedis redis = TestRedis.start("requirepass right")) {
      LibertyServer server =
          LibertyServer.named("redis-password")
              .environment(
                  Map.of(
                      "HISTORY_BACKEND",
                      "redis",
                      "REDIS_URL",
                      redis.url().replace("redis://", "redis://:Wr0ngS3cret@")))
              .make();
      try (server) {
        server.launch();
        server.awaitLogged(".*The history backend does not answer yet: .*WRONGPASS.*");
        assertThat(server.log()).doesNotContain("Wr0ngS3cret");
      }
    }
  }

  private static String clients(TestRedis redis) {
    try (Jedis jedis = redis.connect()) {
      return jedis.clientList();
    }
  }

  private static LibertyServer.Setup server(String name, TestRedis redis) {
    return LibertyServer.named(name)
        .environment(Map.of("HISTORY_BACKEND", "redis", "REDIS_URL", redis.url()));
  }

  private static void write(
      Http http,
      String conversation,
      int writer,
      AtomicBoolean writing,
      Queue<String> acknowledged,
      Queue<Answer> refused) {
    for (int i = 0; writing.get(); i++) {
      String id = "msg_%d_%d".formatted(writer, i);
      Answer answer =
          http.post(
              "/v1/conversations/" + conversation + "/items",
              "{\"items\":[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"Hello\"}]}"
                  .formatted(id));
      if (answer.status() == 200) {
        acknowledged.add(id);
      } else {
        refused.add(answer);
      }
    }
  }

  private static String create(Http http) {
    return http.post("/v1/conversations", "{}").json().path("id").textValue();
  }

  private static List<String> itemIds(Http http, String conversation) {
    List<String> ids = new ArrayList<>();
    String after = "";
    while (true) {
      Answer page =
          http.get("/v1/conversations/" + conversation + "/items?limit=100&order=asc" + after);
      page.json().path("data").forEach(item -> ids.add(item.path("id").textValue()));
      if (!page.json().path("has_more").asBoolean()) {
        return ids;
      }
      after = "&after=" + ids.get(ids.size() - 1);
    }
  }

  private static int ready(LibertyServer server) {
    try {
      return server.http().get("/health/ready").status();
    } catch (UncheckedIOException notListening) {
      return 0;
    }
  }
}
