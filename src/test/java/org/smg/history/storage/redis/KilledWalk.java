package org.smg.history.storage.redis;

import org.smg.history.retention.TestPurge;

/**
 * A process that walks over the keys once, as a server does which purges, unless it is killed
 * before. Its argument is the URL.
 */
final class KilledWalk {

  private KilledWalk() {}

  public static void main(String[] arguments) {
    try (RedisStorage storage =
        TestRedis.open(TestRedis.options(arguments[0]), WalkingServerDeathTest.RULE)) {
      new TestPurge(storage).run();
    }
  }
}
