package org.smg.history.storage.redis.layout;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How far the walk over all keys is, so that another server can go on.
 *
 * @param target the retention that the walk is for
 * @param pass 1 or 2; more when the walk is done
 * @param scan names the scan of this pass
 * @param servers between which the keys are divided, and how; a new division needs a new scan
 * @param slot the lowest one of the server that is being scanned
 * @param cursor of that server, empty for the first step
 * @param indexes to be looked at before the scan goes on
 * @param member of the first of these, behind which to go on
 */
public record WalkState(
    String target,
    int pass,
    String scan,
    String servers,
    int slot,
    String cursor,
    List<String> indexes,
    String member) {

  private static final int LAST_PASS = 2;

  /** At the beginning, before any server is known. */
  public static WalkState begin(String target) {
    return new WalkState(target, 1, newScan(), "", 0, "", List.of(), "");
  }

  private static String newScan() {
    return UUID.randomUUID().toString();
  }

  public boolean isDone() {
    return pass > LAST_PASS;
  }

  /** Whether nothing of this pass has been looked at. */
  public boolean isAtBeginning() {
    return servers.isEmpty();
  }

  /** This pass from its beginning. */
  public WalkState scanAnew() {
    return new WalkState(target, pass, newScan(), "", 0, "", List.of(), "");
  }

  public WalkState nextPass() {
    return new WalkState(target, pass + 1, newScan(), "", 0, "", List.of(), "");
  }

  /** The next server, from its first key. */
  public WalkState onServer(String allServers, int itsSlot) {
    return new WalkState(target, pass, scan, allServers, itsSlot, "", List.of(), "");
  }

  public WalkState at(String newCursor, List<String> newIndexes) {
    return new WalkState(target, pass, scan, servers, slot, newCursor, newIndexes, "");
  }

  /**
   * @param last the member that was looked at last; empty when the first index is done
   */
  public WalkState behind(String last) {
    return new WalkState(
        target,
        pass,
        scan,
        servers,
        slot,
        cursor,
        last.isEmpty() ? indexes.subList(1, indexes.size()) : indexes,
        last);
  }

  public String encode() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("version", Layout.VERSION);
    values.put("target", target);
    values.put("pass", Integer.toString(pass));
    values.put("scan", scan);
    values.put("servers", servers);
    values.put("slot", Integer.toString(slot));
    values.put("cursor", cursor);
    values.put("indexes", String.join("\n", indexes));
    values.put("member", member);
    return RecordText.of(values);
  }

  public static WalkState decode(String text) {
    Map<String, String> values = RecordText.parse(text);
    Layout.check(values.get("version"));
    return new WalkState(
        values.get("target"),
        Integer.parseInt(values.get("pass")),
        values.get("scan"),
        values.get("servers"),
        Integer.parseInt(values.get("slot")),
        values.get("cursor"),
        Arrays.stream(values.get("indexes").split("\n")).filter(one -> !one.isEmpty()).toList(),
        values.get("member"));
  }
}
