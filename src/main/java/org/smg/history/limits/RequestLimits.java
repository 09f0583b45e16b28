package org.smg.history.limits;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.smg.history.config.Option;
import org.smg.history.config.Options;

/** Counts requests, and says when there are too many. */
public final class RequestLimits {

  /** More than a server can carry. */
  private static final int MAX_PER_MINUTE = 9_999_999;

  static final Option<Integer> PER_MINUTE =
      Option.number("history-limit-requests-per-minute", 0, 0, MAX_PER_MINUTE);

  private final int perTenant;
  private final LongSupplier nanoTime;
  private final RateLimits tenants;
  private final RateLimits keys;

  /**
   * @param perTenant requests a minute; 0 for no limit
   */
  RequestLimits(int perTenant, LongSupplier nanoTime) {
    this.perTenant = perTenant;
    this.nanoTime = nanoTime;
    this.tenants = new RateLimits(nanoTime.getAsLong());
    this.keys = new RateLimits(nanoTime.getAsLong());
  }

  /**
   * Counts a request of a key that has a limit of its own. To be asked before the tenant: what the
   * key may not send is not taken from the tenant.
   */
  public Allowance takeOfKey(String key, int perMinute) {
    return keys.take(key, perMinute, nanoTime.getAsLong());
  }

  /**
   * Counts a request of a tenant.
   *
   * @return empty if tenants have no limit
   */
  public Optional<Allowance> takeOfTenant(String tenant) {
    return perTenant == 0
        ? Optional.empty()
        : Optional.of(tenants.take(tenant, perTenant, nanoTime.getAsLong()));
  }

  /** For administrators: what tenants may send. */
  public String describe() {
    return perTenant == 0
        ? "Tenants may send any number of requests"
        : "A tenant may send %d requests a minute (%s)".formatted(perTenant, PER_MINUTE.property());
  }

  /** Makes it from the options. */
  @ApplicationScoped
  public static class Selection {

    @Produces
    @Singleton
    RequestLimits selected(Options options) {
      return new RequestLimits(options.get(PER_MINUTE), System::nanoTime);
    }
  }
}
