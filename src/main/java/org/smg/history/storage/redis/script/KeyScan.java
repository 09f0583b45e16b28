package org.smg.history.storage.redis.script;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Goes over the names of all keys in small steps, by {@code SCAN}. A cursor means something to the
 * process alone that answered it: another one orders its keys otherwise. So the script that scans
 * has a name of its own for each scan, and only a process that began this scan knows it.
 */
public final class KeyScan {

  private static final int COUNT = 100;

  private final ScriptRunner scripts;
  private final String name;

  /**
   * @param name of keys that never exist
   */
  public KeyScan(ScriptRunner scripts, String name) {
    this.scripts = scripts;
    this.name = name;
  }

  /**
   * @param cursor where to go on; 0 at the end
   */
  public record Step(String cursor, List<String> keys) {

    public boolean isLast() {
      return cursor.equals("0");
    }
  }

  /**
   * The servers that have keys: their names and slots, by the lowest slot. A server that is no
   * Cluster has them all.
   */
  public SortedMap<Integer, String> servers() {
    return scripts.servers();
  }

  /**
   * @param scan names this scan, and no other one
   * @param slot the lowest one of the server's
   * @param cursor of the step before, or empty for the first one
   * @param pattern of names, as {@code SCAN} has them
   * @return empty if the server is not the process any more that began the scan
   */
  public Optional<Step> next(String scan, int slot, String cursor, String pattern) {
    byte[] source =
        "-- %s\nreturn redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])"
            .formatted(scan)
            .getBytes(StandardCharsets.UTF_8);
    return scripts
        .runSource(
            source,
            cursor.isEmpty(),
            keyOf(slot),
            cursor.isEmpty() ? "0" : cursor,
            pattern,
            Integer.toString(COUNT))
        .map(ScriptReply::of)
        .map(reply -> new Step(reply.text(0), reply.list(1).texts()));
  }

  /** A key that never exists, in a slot. */
  private String keyOf(int slot) {
    if (scripts.oneServer()) {
      return name;
    }
    for (int i = 0; ; i++) {
      String key = name + ":{" + i + "}";
      if (JedisClusterCRC16.getSlot(key) == slot) {
        return key;
      }
    }
  }
}
