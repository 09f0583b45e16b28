package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two servers that limit what a tenant may store in what they share. */
@OnLiberty
class StoredBytesFleetIT {

  private static final long MEGABYTE = 1_048_576;
  private static final int TEXT = 100_000;
  private static final String ITEM =
      "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"%s\"}]}"
          .formatted("x".repeat(TEXT));

  private static Fleet start(TestBackend backend) {
    Map<String, String> store = new TreeMap<>(backend.environment());
    store.put("HISTORY_LIMIT_STORED_MEGABYTES", "1");
    return Fleet.start("stored-bytes-" + backend.name().toLowerCase(), backend, store);
  }

  private static long left(Http server) {
    return Long.parseLong(
        server.get("/v1/conversations").header("x-ratelimit-remaining-stored-bytes"));
  }

  private static String store(Http server) {
    return Fixtures.stored(server.post("/v1/conversations", ITEM)).id();
  }

  private static void assertShared(Fleet fleet) {
    String conversation = store(fleet.first());
    for (int i = 0; i < 5; i++) {
      store(fleet.first());
      store(fleet.second());
    }

    Writers.await("the first is not told", () -> left(fleet.first()) == 0);
    Writers.await("the second is not told", () -> left(fleet.second()) == 0);
    assertThat(Refusal.of(fleet.first().post("/v1/conversations", ITEM)).code())
        .isEqualTo("storage_limit_exceeded");
    assertThat(Refusal.of(fleet.second().post("/v1/conversations", ITEM)).code())
        .isEqualTo("storage_limit_exceeded");

    Fixtures.stored(fleet.second().delete("/v1/conversations/" + conversation));
    Writers.await("the first is not told of the delete", () -> left(fleet.first()) > 0);
    store(fleet.first());
  }

  @Test
  void onRedisServersTellEachOtherWhatIsStored() {
    try (Fleet fleet = start(TestBackend.REDIS)) {
      assertShared(fleet);
    }
  }

  @Test
  void onPostgresServersTellEachOtherAlsoWhatOneHadCountedThatIsGone() {
    try (Fleet fleet = start(TestBackend.POSTGRES)) {
      assertShared(fleet);
      deleteEverything(fleet);
      assertAServerThatIsStoppedHasTold(fleet);
      deleteEverything(fleet);
      assertAServerThatIsKilledLosesItsLastCountsAlone(fleet);
    }
  }

  private static void deleteEverything(Fleet fleet) {
    for (String id : fleet.first().get("/v1/conversations?limit=100").ids()) {
      Fixtures.stored(fleet.first().delete("/v1/conversations/" + id));
    }
    Writers.await("the first is not free", () -> left(fleet.first()) == MEGABYTE);
    Writers.await("the second is not free", () -> left(fleet.second()) == MEGABYTE);
  }

  private static void assertAServerThatIsStoppedHasTold(Fleet fleet) {
    store(fleet.second());

    fleet.servers().get(1).stop();

    Writers.await("the first is not told", () -> left(fleet.first()) <= MEGABYTE - TEXT);
    fleet.servers().get(1).start();
  }

  private static void assertAServerThatIsKilledLosesItsLastCountsAlone(Fleet fleet) {
    LibertyServer victim = fleet.servers().get(1);
    store(fleet.second());
    store(fleet.second());
    Writers.await("the first is not told", () -> left(fleet.first()) <= MEGABYTE - 2 * TEXT);
    String last = store(fleet.second());

    victim.kill();

    assertThat(fleet.first().get(Fixtures.items(last)).ids()).hasSize(1);
    store(fleet.first());
    victim.start();
    Writers.await("the second is not told", () -> left(fleet.second()) <= MEGABYTE - 3 * TEXT);
    assertThat(left(fleet.second())).isBetween(MEGABYTE - 4 * (TEXT + 300), MEGABYTE - 3 * TEXT);
  }
}
