package org.smg.history.wartests;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Two servers on one Redis. */
@TestInstance(Lifecycle.PER_CLASS)
@OnLiberty
class RedisFleetIT implements LibertyFleetContract {

  private final Fleet fleet =
      Fleet.start("redis-fleet", TestBackend.REDIS, TestBackend.REDIS.environment());

  @Override
  public Fleet fleet() {
    return fleet;
  }

  @AfterAll
  void stop() {
    fleet.close();
  }
}
