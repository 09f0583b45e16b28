package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.scopeOf;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.storage.ConnectionUse;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisDataException;

/** Faults of a single Redis server, with a real one. */
@Timeout(60)
class RedisFaultTest {

  @Test
  void withAnAppendOnlyFileNothingAcknowledgedIsLostWhenRedisDies() {
    try (TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always");
        RedisStorage storage = redis.storage();
        Load load = new Load(storage)) {
      redis.kill();
      TestRedis.await("clients are refused", () -> load.refused() > 20);
      redis.restart();
      load.awaitProgress();
      load.stop();

      load.assertKept();
    }
  }

  @Test
  void withoutAnAppendOnlyFileAllIsLostWhenRedisDiesButTheNextWriteWorks() {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
      redis.kill();
      assertUnavailable(storage::verify, "Redis cannot be reached");

      redis.restart();
      storage.verify();

      assertThat(storage.conversations().find(scopeOf(conversation), conversation.id())).isEmpty();
      assertThat(tenant.canLink("msg_1")).isFalse();
      tenant.conversation("conv_a", message("msg_1", "new"));
      assertThat(tenant.items(conversation)).containsExactly(message("msg_1", "new"));
    }
  }

  @Test
  void aRestartBetweenTwoRequestsFailsNoRequest() {
    try (TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always");
        RedisStorage storage = redis.storage()) {
      Load load = new Load(storage);
      load.stop();
      redis.kill();
      redis.restart();

      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", message("msg_1"));

      assertThat(tenant.items(conversation)).containsExactly(message("msg_1"));
    }
  }

  @Test
  void aServerThatNeverAnswersIsUnavailableInBoundedTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RedisStorage storage = storage(silent, 1)) {
      long begun = System.nanoTime();

      assertUnavailable(storage::verify, "Redis cannot be reached");

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void aRequestThatGetsNoFreeConnectionIsRefusedInBoundedTime() {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage("redis-pool-max-size", "1");
        Jedis admin = redis.connect()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a");
      ThrowingCallable request = () -> tenant.items(conversation);
      admin.clientPause(3_000);
      CompletableFuture<Void> first =
          CompletableFuture.runAsync(() -> assertUnavailable(request, "Redis cannot"));
      CompletableFuture<Void> second =
          CompletableFuture.runAsync(() -> assertUnavailable(request, "Redis cannot"));
      long begun = System.nanoTime();
      CompletableFuture.allOf(first, second).join();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));

      TestRedis.await("it serves again", () -> serves(storage));
    }
  }

  @Test
  void theUseOfConnectionsIsKnownWithoutAskingRedis() {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage("redis-pool-max-size", "1");
        Jedis admin = redis.connect()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a");
      assertThat(use(storage).max()).isEqualTo(1);
      assertThat(use(storage).active()).isZero();
      assertThat(use(storage).idle()).hasValue(1);
      long waited = use(storage).waited().orElseThrow();
      admin.clientPause(1_500);

      CompletableFuture<Void> first = CompletableFuture.runAsync(() -> tenant.items(conversation));
      TestRedis.await("it is not in use", () -> use(storage).active() == 1);
      CompletableFuture<Void> second = CompletableFuture.runAsync(() -> tenant.items(conversation));
      TestRedis.await("nobody waits", () -> use(storage).waiting().orElseThrow() == 1);
      CompletableFuture.allOf(first, second).join();

      assertThat(use(storage).waited()).hasValue(waited + 1);
      assertThat(use(storage).refused()).isZero();
      redis.kill();
      assertUnavailable(() -> tenant.items(conversation), "Redis cannot be reached");
      assertThat(use(storage).refused()).isPositive();
      assertThat(use(storage).active()).isZero();
    }
  }

  private static ConnectionUse use(RedisStorage storage) {
    return storage.connections().orElseThrow();
  }

  private static boolean serves(RedisStorage storage) {
    try {
      storage.verify();
      return true;
    } catch (HistoryFailure.Unavailable notYet) {
      return false;
    }
  }

  @Test
  void withoutMemoryWritesAreRefusedWholeAndReadsGoOn() {
    try (TestRedis redis = TestRedis.start("maxmemory-policy noeviction");
        RedisStorage storage = redis.storage();
        Jedis admin = redis.connect()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
      SampleRun run = new SampleRun(tenant, "resp_run", conversation);
      SampleRun other = new SampleRun(tenant, "resp_other", null);
      run.begin();
      admin.configSet("maxmemory", "1");

      assertUnavailable(() -> tenant.append(conversation, message("new_a")), "OOM");
      assertUnavailable(() -> tenant.conversation("conv_b", message("new_b")), "OOM");
      assertUnavailable(
          () -> tenant.record(tenant.turn("resp_a").in(conversation).output(message("new_c"))),
          "OOM");
      assertUnavailable(other::begin, "OOM");
      assertUnavailable(run::finish, "OOM");

      assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 3));
      assertThat(run.found()).contains(run.run().prompt());
      assertThat(other.found()).isEmpty();
      assertThat(storage.responses().find(tenant.scope(), "resp_a")).isEmpty();
      storage.conversations().delete(scopeOf(conversation), conversation.id());
      admin.configSet("maxmemory", "0");
      assertThat(tenant.canLink("new_a")).isFalse();
      tenant.conversation("conv_b", message("new_b"));
      run.finish();
      assertThat(run.found()).contains(run.finished().response());
    }
  }

  @Test
  void aReplicaRefusesWritesAndWithoutItsMasterReadsToo() {
    try (TestRedis master = TestRedis.start();
        TestRedis replica =
            TestRedis.start("replicaof 127.0.0.1 " + master.port(), "replica-serve-stale-data no");
        RedisStorage storage = replica.storage()) {
      TestRedis.await("the replica serves", () -> serves(storage));
      SampleTenant tenant = SampleTenant.fresh(storage);

      assertUnavailable(() -> tenant.conversation("conv_a"), "READONLY");
      master.kill();
      TestRedis.await("the replica notices", () -> !serves(storage));
      assertUnavailable(storage::verify, "MASTERDOWN");
    }
  }

  @Test
  void aServerThatIsStillLoadingIsUnavailable() {
    try (TestRedis redis =
            TestRedis.start("appendonly yes", "appendfsync always", "aof-use-rdb-preamble no");
        RedisStorage storage = redis.storage()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
      try (Jedis admin = redis.connect();
          Pipeline pipeline = admin.pipelined()) {
        admin.configSet("appendfsync", "no");
        for (int i = 0; i < 3_000; i++) {
          pipeline.incr("filler");
        }
      }
      redis.kill();
      // While it loads, Redis answers once in a thousand commands; the delay, in microseconds for
      // each command, gives this test the time to see that.
      redis.configure("key-load-delay 400");
      redis.launch();

      TestRedis.await(
          "it says that it loads",
          () -> {
            try {
              storage.verify();
              return false;
            } catch (HistoryFailure.Unavailable e) {
              return e.getMessage().contains("LOADING");
            }
          });

      TestRedis.await("it has loaded", () -> serves(storage));
      assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 3));
    }
  }

  @Test
  void aMissingOrWrongPasswordIsReportedAndNotRepeated() {
    try (TestRedis redis =
        TestRedis.start("requirepass right", "user limited on >pw ~other:* +@all")) {
      String host = "@127.0.0.1:" + redis.port();
      try (RedisStorage none = storage("redis://127.0.0.1:" + redis.port());
          RedisStorage wrong = storage("redis://:s3cret" + host);
          RedisStorage unknown = storage("redis://bob:s3cret" + host);
          RedisStorage limited = storage("redis://limited:pw" + host);
          RedisStorage right = storage("redis://:right" + host)) {
        assertUnavailable(none::verify, "NOAUTH");
        assertUnavailable(wrong::verify, "WRONGPASS");
        assertUnavailable(unknown::verify, "WRONGPASS");
        assertUnavailable(limited::verify, "NOPERM");
        right.verify();
      }
    }
  }

  /** The rights that the documentation names. */
  @Test
  void fewRightsAreEnough() {
    String rights = "~history:* -@all +@read +@write +@scripting +@connection +time -@dangerous";
    try (TestRedis redis = TestRedis.start("user app on >pw " + rights);
        RedisStorage storage = storage("redis://app:pw@127.0.0.1:" + redis.port())) {
      storage.verify();
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", message("msg_1"));
      tenant.append(conversation, message("msg_2"));
      tenant.record(tenant.turn("resp_a").in(conversation).output(message("out")));
      tenant.feedback("fb_a", "resp_a");
      storage.runs().lease(SampleRun.SERVER, Duration.ofSeconds(30));
      SampleRun run = new SampleRun(tenant, "resp_run", tenant.conversation("conv_run"));
      run.begin();
      storage.runs().release(SampleRun.SERVER);
      assertThat(run.isAbandoned()).isTrue();
      run.finish();

      assertThat(
              storage
                  .conversations()
                  .removeItem(scopeOf(conversation), conversation.id(), "msg_1", Samples.at(1)))
          .isPresent();
      assertThat(tenant.itemIds(conversation)).containsExactly("msg_2", "out");
      assertThat(storage.responses().chain(tenant.scope(), "resp_a", 5).data()).hasSize(1);
      RetentionStore walk = storage.retention();
      String all = walk.tenantAfter(null).orElseThrow();
      assertThat(walk.lease("one", Duration.ofSeconds(30))).isTrue();
      while (walk.purge(all, Samples.at(1)).more()) {
        // It goes on.
      }
      assertThat(walk.state(tenant.name()).oldestResponse()).isEqualTo(Samples.at(1));
      walk.release("one");
      assertThat(storage.responses().delete(tenant.scope(), "resp_a")).isTrue();
      assertThat(storage.conversations().delete(scopeOf(conversation), conversation.id())).isTrue();
    }
  }

  @Test
  void thePoolsNumbersAreOverJmx() throws Exception {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage("redis-pool-max-size", "7")) {
      SampleTenant.fresh(storage).conversation("conv_a");
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();

      assertThat(server.queryNames(new ObjectName("org.smg.history:type=RedisPool,*"), null))
          .anySatisfy(
              pool -> {
                assertThat(server.getAttribute(pool, "MaxTotal")).isEqualTo(7);
                assertThat(server.getAttribute(pool, "NumActive")).isEqualTo(0);
                assertThat(server.getAttribute(pool, "NumIdle")).isEqualTo(1);
                assertThat(server.getAttribute(pool, "NumWaiters")).isEqualTo(0);
              });
    }
  }

  @Test
  void scriptsThatRedisDoesNotKnowAreSentWhole() {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage();
        Jedis admin = redis.connect()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", message("msg_1"));
      admin.scriptFlush();

      tenant.append(conversation, message("msg_2"));

      assertThat(tenant.items(conversation)).containsExactly(message("msg_1"), message("msg_2"));
      assertThat(storage.conversations().delete(scopeOf(conversation), conversation.id())).isTrue();
    }
  }

  @Test
  void aFaultInStoredBytesIsNotReportedAsAnOutage() {
    try (TestRedis redis = TestRedis.start();
        RedisStorage storage = redis.storage();
        Jedis admin = redis.connect()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a");
      String hash = new RedisKeys("history").conversation(conversation).hash();

      admin.hset(hash, "version", "2");
      assertThatThrownBy(() -> storage.conversations().find(tenant.scope(), conversation.id()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("layout '2'");
      admin.del(hash);
      admin.set(hash, "no hash");
      assertThatThrownBy(() -> storage.conversations().find(tenant.scope(), conversation.id()))
          .isInstanceOf(JedisDataException.class)
          .hasMessageContaining("WRONGTYPE");
    }
  }

  private static RedisStorage storage(ServerSocket socket, int pool) {
    return TestRedis.open(
        "redis://127.0.0.1:" + socket.getLocalPort(), "redis-pool-max-size", "" + pool);
  }

  private static RedisStorage storage(String url) {
    return TestRedis.open(url);
  }

  private static void assertUnavailable(ThrowingCallable call, String why) {
    assertThatThrownBy(call)
        .isInstanceOf(HistoryFailure.Unavailable.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("s3cret");
  }
}
