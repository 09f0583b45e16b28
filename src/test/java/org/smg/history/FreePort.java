package org.smg.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback interface for the servers of tests.
 *
 * <p>They lie below the range from which systems give ports to outgoing connections. From inside of
 * that range, a test that tries again and again to reach a server that does not listen yet can be
 * connected to itself, and another test's connection can take the port before the server does.
 */
public final class FreePort {

  private static final int LOWEST = 10_000;

  /** A Redis Cluster also uses the port that is 10,000 higher. */
  private static final int HIGHEST = 22_000;

  private FreePort() {}

  /** A port on which nobody listens now. */
  public static int find() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port) && isFree(port + 10_000)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
