package org.smg.history.startup;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.ObjectName;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.log.EventLog;

/**
 * Where Open Liberty is to listen, and whether it does. It opens its port only after its
 * applications have started, so an application that wants to know has to look later. On a failure
 * Open Liberty logs CWWKO0221E and lives on; its MBeans then show that all endpoints are paused.
 *
 * @param host a name or an address, or {@code *}
 * @param port a TCP port, or -1 for none
 */
record LibertyEndpoint(String host, int port) {

  private static final int LARGEST_PORT = 65_535;

  static final Option<String> HOST = Option.text("http.host", "localhost");
  static final Option<Integer> PORT = Option.of("http.port", 9080, LibertyEndpoint::port);
  static final Option<Integer> HTTPS_PORT = Option.number("https.port", 9443, 1, LARGEST_PORT);

  private static final int NONE = -1;

  private static final String CONTROL = "WebSphere:feature=kernel,name=ServerEndpointControl";

  /** More than Open Liberty needs from the start of its application until it listens. */
  private static final Duration WATCHED = Duration.ofMinutes(1);

  /** Longer than the server gives open requests when it is stopped. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(40);

  private static final String ANY_HOST = "*";

  /** Between two looks. */
  private static final Duration INTERVAL = Duration.ofMillis(200);

  static LibertyEndpoint read(Options options) {
    LibertyEndpoint endpoint = new LibertyEndpoint(options.get(HOST), options.get(PORT));
    options.get(HTTPS_PORT);
    boolean encrypted = LibertyKeystore.check(options);
    if (endpoint.port == NONE && !encrypted) {
      options.refuse(PORT, "'-1' needs https.keystore, or no port is open");
    }
    return endpoint;
  }

  private static int port(String text) {
    if (text.equals(Integer.toString(NONE))) {
      return NONE;
    }
    if (!text.matches("[0-9]{1,5}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "is neither a whole number from 1 to %d nor -1 for no port without TLS"
              .formatted(LARGEST_PORT));
    }
    return Integer.parseInt(text);
  }

  /** Looks for a minute, in the background, and ends the server if it could not open its port. */
  void exitIfClosed(EventLog log) {
    Thread watch = new Thread(() -> watch(log), "history-port-watch");
    watch.setDaemon(true);
    watch.start();
  }

  /**
   * A server that is being stopped closes its ports, too, and gives open streams half a minute. Its
   * port is free then, and it has ended before it is taken for one that cannot listen.
   */
  private void watch(EventLog log) {
    long begin = System.nanoTime();
    long closed = 0;
    while (closed > 0 || System.nanoTime() - begin < WATCHED.toNanos()) {
      closed = paused() ? closed + 1 : 0;
      if (closed > 0 && (isTaken() || closed > LONGEST_STOP.dividedBy(INTERVAL))) {
        ServerExit.begin(
            ("http.port: cannot listen on %s:%d; set HTTP_PORT to a port that is free, and HTTP_HOST"
                    + " to a name or an address of this machine")
                .formatted(host, port),
            log);
        return;
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  private boolean isTaken() {
    if (port == NONE) {
      return true;
    }
    InetSocketAddress address =
        host.equals(ANY_HOST) ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
      return false;
    } catch (IOException cannotListen) {
      return true;
    }
  }

  private static boolean paused() {
    try {
      return (Boolean)
          ManagementFactory.getPlatformMBeanServer()
              .getAttribute(new ObjectName(CONTROL), "Paused");
    } catch (JMException notThere) {
      return false;
    }
  }
}
