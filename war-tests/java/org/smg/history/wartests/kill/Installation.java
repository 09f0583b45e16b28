package org.smg.history.wartests.kill;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.storage.redis.TestRedis;
import org.smg.history.wartests.Fleet;
import org.smg.history.wartests.LibertyServer;
import org.smg.history.wartests.TestBackend;
import org.smg.history.wartests.model.ModelProcess;
import org.smg.history.wartests.model.Pace;

/**
 * A fleet of two servers with all that it needs, each in a process of its own.
 *
 * @param endDatabase for good
 */
record Installation(Fleet fleet, ModelProcess model, Victim database, Victim.Act endDatabase)
    implements AutoCloseable {

  /** A turn takes from 10 to 200 milliseconds. */
  private static final Pace PACE = new Pace(Duration.ofMillis(10), 2, 40, Duration.ofMillis(5));

  /** What has been committed survives, as in production. */
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

  static Installation onPostgres(String name) throws IOException, SQLException {
    PostgresServer postgres = new PostgresServer(DURABLE);
    postgres.newDatabase("history");
    return start(
        name,
        TestBackend.POSTGRES,
        Map.of("POSTGRES_DB_URL", postgres.url("history")),
        new Victim(Victim.Kind.DATABASE, postgres::kill, postgres::start),
        postgres::close);
  }

  static Installation onRedis(String name) {
    TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always");
    return start(
        name,
        TestBackend.REDIS,
        Map.of("REDIS_URL", redis.url()),
        new Victim(Victim.Kind.DATABASE, redis::kill, redis::restart),
        redis::close);
  }

  private static Installation start(
      String name,
      TestBackend backend,
      Map<String, String> store,
      Victim database,
      Victim.Act endDatabase) {
    ModelProcess model = ModelProcess.start(PACE);
    Map<String, String> options = new TreeMap<>(store);
    options.put("MODEL_SERVER_URL", model.url());
    return new Installation(Fleet.start(name, backend, options), model, database, endDatabase);
  }

  /** Both servers, over new connections. */
  List<Gateway> gateways() {
    HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    return fleet.servers().stream().map(server -> new Gateway(client, server.baseUrl())).toList();
  }

  /**
   * @param choice which of several servers, any number
   */
  Victim victim(Victim.Kind kind, int choice) {
    return switch (kind) {
      case SERVER -> {
        LibertyServer server = fleet.servers().get(Math.floorMod(choice, fleet.servers().size()));
        yield new Victim(kind, server::kill, server::start);
      }
      case DATABASE -> database;
      case MODEL -> new Victim(kind, model::kill, model::start);
    };
  }

  @Override
  public void close() throws IOException {
    fleet.close();
    model.close();
    endDatabase.run();
  }
}
