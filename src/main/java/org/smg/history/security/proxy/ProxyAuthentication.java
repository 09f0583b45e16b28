package org.smg.history.security.proxy;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Options;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Authentication;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Sender;

/**
 * Serves requests of trusted proxies, on behalf of whom these name in headers. The same headers of
 * others are ignored, and counted.
 */
public final class ProxyAuthentication implements Authentication {

  private static final Logger LOG = Logger.getLogger(ProxyAuthentication.class.getName());

  private final TrustedProxies trusted;
  private final ProxyHeaders headers;
  private final boolean alone;
  private final EventLog log;
  private final AtomicLong ignored = new AtomicLong();

  private ProxyAuthentication(
      TrustedProxies trusted, ProxyHeaders headers, boolean alone, EventLog log) {
    this.trusted = trusted;
    this.headers = headers;
    this.alone = alone;
    this.log = log;
  }

  /**
   * @param alone whether no other way finds out who makes a request
   */
  public static ProxyAuthentication read(Options options, boolean alone) {
    return new ProxyAuthentication(
        TrustedProxies.read(options), ProxyHeaders.read(options), alone, new EventLog(options));
  }

  /** Refuses options that only this way would read. */
  public static void refuse(Options options) {
    TrustedProxies.refuse(options);
  }

  @Override
  public Optional<Identity> identify(Sender sender) {
    boolean named = headers.areIn(sender);
    if (named && trusted.include(sender)) {
      return Optional.of(headers.identity(sender));
    }
    if (named) {
      ignore(sender);
    }
    if (alone) {
      throw new HistoryFailure.Forbidden(
          "proxy_required",
          "Only requests are served that a trusted proxy sends, with the headers: %s."
              .formatted(headers.listed()));
    }
    return Optional.empty();
  }

  /** How many requests had these headers and came from somebody who is not trusted. */
  @Override
  public long ignored() {
    return ignored.get();
  }

  /** Logs the first, second, fourth, eighth …, so that nobody can fill the log. */
  private void ignore(Sender sender) {
    long count = ignored.incrementAndGet();
    if (Long.bitCount(count) == 1) {
      log.write(
          LOG,
          Level.WARNING,
          Event.of(
                  "ignored_headers",
                  "Ignored the headers %s of %d requests up to now, the last one from %s, which is no trusted proxy (history-trusted-proxies)"
                      .formatted(headers.listed(), count, sender.address()))
              .with("count", count)
              .with("address", sender.address()));
    }
  }

  /** The proxy is the one to say which pages may call it. */
  @Override
  public boolean isBroughtByBrowsers() {
    return false;
  }

  @Override
  public String expected() {
    return "the headers %s from a trusted proxy".formatted(headers.listed());
  }

  @Override
  public String describe() {
    return "Trusted proxies name tenant and user by the headers %s (history-auth=proxy)"
        .formatted(headers.listed());
  }
}
