package org.smg.history.security.authentication;

import java.util.List;
import java.util.Set;
import org.smg.history.model.HistoryFailure;

/**
 * Tells requests that a page of another site makes a browser send. To such a request a browser adds
 * by itself what it keeps of a login (a cookie, a password, a certificate), so the login does not
 * say that its user wanted the request. Programs, which are no browsers, send none of the headers
 * that are looked at.
 *
 * @param allowed the origins whose pages may call the service
 */
public record CrossSite(Set<String> allowed) {

  private static final String BEARER = "Bearer ";

  /** Requests of the page's own origin, and those that a user typed in. */
  private static final Set<String> OWN = Set.of("same-origin", "none");

  /** They change nothing, and the page cannot read the answer. */
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  public CrossSite {
    allowed = Set.copyOf(allowed);
  }

  /**
   * Refuses a request of another site, unless it is of an allowed origin or has a bearer token,
   * which no browser adds by itself.
   *
   * @throws HistoryFailure.Forbidden if it is refused
   */
  public void refuse(Sender sender) {
    List<String> origin = sender.headers("Origin");
    if (hasBearerToken(sender)
        || !origin.isEmpty() && allowed.containsAll(origin)
        || isOfThisSite(sender, origin)) {
      return;
    }
    throw new HistoryFailure.Forbidden(
        "cross_site_request",
        "A page of another site made this request, so a login that the browser keeps does not count."
            + " Expected the header 'Authorization: Bearer …', or a page of an origin that the"
            + " administrator has named in history-cors-origins.");
  }

  private static boolean hasBearerToken(Sender sender) {
    return sender.headers("Authorization").stream()
        .anyMatch(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()));
  }

  /**
   * Browsers tell the site only over TLS and to the machine itself. Otherwise there is the origin,
   * with each request that may change something.
   */
  private static boolean isOfThisSite(Sender sender, List<String> origin) {
    boolean safe = SAFE_METHODS.contains(sender.method());
    List<String> site = sender.headers("Sec-Fetch-Site");
    if (!site.isEmpty()) {
      return OWN.containsAll(site) || safe && isHarmless(sender);
    }
    List<String> host = sender.headers("Host");
    return safe || host.containsAll(origin.stream().map(CrossSite::authority).toList());
  }

  /**
   * A link that a user follows shows the answer to that user alone. A preflight has no login, and
   * its answer allows nothing.
   */
  private static boolean isHarmless(Sender sender) {
    return sender.headers("Sec-Fetch-Mode").equals(List.of("navigate"))
        || sender.method().equals("OPTIONS");
  }

  /** Without the scheme: in front of the server there may be a proxy that speaks TLS for it. */
  private static String authority(String origin) {
    return origin.replaceFirst("^https?://", "");
  }
}
