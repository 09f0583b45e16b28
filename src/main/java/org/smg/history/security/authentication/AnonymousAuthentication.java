package org.smg.history.security.authentication;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.smg.history.model.HistoryFailure;

/**
 * Serves requests without credentials: those that this machine sends to itself, or all.
 *
 * @param everybody whether requests from elsewhere are served, too
 */
public record AnonymousAuthentication(boolean everybody) implements Authentication {

  /** How headers begin that a proxy on this machine adds to what others send through it. */
  private static final List<String> FORWARDING_HEADERS =
      List.of(
          "forwarded",
          "via",
          "x-forwarded",
          "x-original-",
          "x-real-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-envoy-",
          "true-client-ip",
          "cf-connecting-ip",
          "proxy-client-ip",
          "wl-proxy-",
          "$ws");

  private static final Pattern PORT = Pattern.compile(":\\d*$");

  @Override
  public Optional<Identity> identify(Sender sender) {
    if (!everybody && !isLocal(sender)) {
      throw new HistoryFailure.Forbidden(
          "authentication_not_configured",
          "No authentication is configured, so only requests from this machine to localhost are"
              + " served, and none that a proxy forwards. Administrators: set history-auth=api-key"
              + " or, to serve everybody without authentication, history-allow-anonymous=true.");
    }
    return Optional.of(Identity.ANONYMOUS);
  }

  private static boolean isLocal(Sender sender) {
    List<String> hosts = sender.headers("Host");
    // A page in a browser reaches the loopback interface by a name that its author points there;
    // the
    // browser then sends that name.
    return Loopback.isAddress(sender.address())
        && hosts.size() == 1
        && Loopback.isHost(PORT.matcher(hosts.get(0)).replaceFirst(""))
        && sender.headerNames().stream().noneMatch(AnonymousAuthentication::isForwarding);
  }

  private static boolean isForwarding(String header) {
    for (String start : FORWARDING_HEADERS) {
      if (header.regionMatches(true, 0, start, 0, start.length())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean isBroughtByBrowsers() {
    return true;
  }

  @Override
  public String expected() {
    return "nothing";
  }

  @Override
  public String describe() {
    return everybody
        ? "Whoever reaches the port is served without authentication (history-allow-anonymous=true)"
        : "Only requests from this machine are served, without authentication (history-auth=none)";
  }
}
