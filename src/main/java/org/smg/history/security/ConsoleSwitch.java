package org.smg.history.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.smg.history.config.Option;
import org.smg.history.config.Options;

/**
 * Whether the console is served, the page to read the history. It reaches no further than the API
 * does for whoever opens it; but where it is not needed, it is one thing less to be attacked.
 */
public final class ConsoleSwitch {

  /** Without a value it is on where only the machine itself is served. */
  static final Option<Optional<Boolean>> CONSOLE = Option.optionalFlag("history-console");

  private final boolean on;
  private final String why;

  private ConsoleSwitch(boolean on, String why) {
    this.on = on;
    this.why = why;
  }

  static ConsoleSwitch read(Options options) {
    Optional<Boolean> chosen = options.get(CONSOLE);
    if (chosen.isPresent()) {
      return new ConsoleSwitch(chosen.get(), CONSOLE.property() + "=" + chosen.get());
    }
    return SecurityOptions.read(options).servesThisMachineOnly()
        ? new ConsoleSwitch(true, "only this machine is served, and history-console is not set")
        : new ConsoleSwitch(false, "history-console is not set");
  }

  public boolean on() {
    return on;
  }

  /** For administrators: where the console is, and why or why not. */
  public String describe() {
    return "The console is %s: %s"
        .formatted(on ? "on, at /console/ below the context root" : "off", why);
  }

  /** Makes it from the options. */
  @ApplicationScoped
  public static class Selection {

    @Produces
    @Singleton
    ConsoleSwitch selected(Options options) {
      return read(options);
    }
  }
}
