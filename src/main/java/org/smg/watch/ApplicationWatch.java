package org.smg.watch;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Looks, from the start of the server on, until the history runs. If it cannot, the server ends
 * with the exit status 1, so that a shell, systemd or a container platform sees it.
 */
public final class ApplicationWatch implements ServletContextListener {

  private static final Logger LOG = Logger.getLogger(ApplicationWatch.class.getName());

  private static final String APPLICATION = "history";

  private static final String ADVICE =
      "; the server ends with exit status 1. Unpack the package again, or see the server's lines before this one";

  /** How the server calls an application that it does not start, or no longer. */
  private static final Set<String> NOT_STARTING = Set.of("INSTALLED", "STOPPED", "FAILED");

  /** Longer than the server takes from the start of one application to that of the next. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Between two looks. */
  private static final Duration INTERVAL = Duration.ofMillis(200);

  @Override
  public void contextInitialized(ServletContextEvent start) {
    Thread watch = new Thread(ApplicationWatch::watch, "history-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void watch() {
    try {
      Optional<String> fault = WarFile.fault(war());
      if (fault.isPresent()) {
        end("apps/%s.war %s".formatted(APPLICATION, fault.get()));
      } else if (!awaitStart()) {
        end("The application %s was not started by the server".formatted(APPLICATION));
      }
    } catch (JMException notOpenLiberty) {
      LOG.warning("This server does not show its applications, so they are not watched");
    }
  }

  private static Path war() throws JMException {
    return Path.of(
        attribute("WebSphere:feature=kernel,name=ServerInfo", "UserDirectory"),
        "servers",
        attribute("WebSphere:feature=kernel,name=ServerInfo", "Name"),
        "apps",
        APPLICATION + ".war");
  }

  /**
   * @return whether it has started; false if the server has not been starting it for long
   */
  private static boolean awaitStart() {
    long hopeless = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String state = state();
      if (state.equals("STARTED")) {
        return true;
      }
      long now = System.nanoTime();
      if (!NOT_STARTING.contains(state)) {
        hopeless = now + PATIENCE.toNanos();
      } else if (now - hopeless > 0) {
        return false;
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  private static String state() {
    try {
      return attribute(
          "WebSphere:service=com.ibm.websphere.application.ApplicationMBean,name=" + APPLICATION,
          "State");
    } catch (JMException unknown) {
      return "INSTALLED";
    }
  }

  private static String attribute(String bean, String name) throws JMException {
    return String.valueOf(
        ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(bean), name));
  }

  /** On a thread of its own: the server waits for those of its applications when it stops. */
  private static void end(String reason) {
    LOG.severe(reason + ADVICE);
    new Thread(() -> System.exit(1), "history-exit").start();
  }
}
