package org.smg.history.wartests;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives every request to the next server, as a load balancer without sticky sessions does. A server
 * that accepts no connection is passed over; a request that was sent is never sent again.
 */
final class RoundRobin {

  private final List<Http> servers;
  private final AtomicInteger next = new AtomicInteger();

  RoundRobin(List<Http> servers) {
    this.servers = List.copyOf(servers);
  }

  /**
   * @param json the body, or null for none
   * @throws UncheckedIOException if the connection was lost: what came of the request is unknown
   */
  Answer send(String method, String target, String json) {
    int turn = next.getAndIncrement();
    UncheckedIOException refused = null;
    for (int attempt = 0; attempt < servers.size(); attempt++) {
      Http server = servers.get(Math.floorMod(turn + attempt, servers.size()));
      try {
        return server.send(method, target, json);
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof ConnectException)) {
          throw e;
        }
        refused = e;
      }
    }
    throw refused;
  }

  Answer get(String target) {
    return send("GET", target, null);
  }

  /** The ids of all items of a conversation, oldest first, read page by page. */
  List<String> itemIds(String conversation) {
    List<String> all = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      Answer page =
          Fixtures.stored(get(Fixtures.items(conversation) + "?order=asc&limit=100" + after));
      all.addAll(page.ids());
      more = page.json().path("has_more").booleanValue();
      after = all.isEmpty() ? "" : "&after=" + all.get(all.size() - 1);
    }
    return all;
  }
}
