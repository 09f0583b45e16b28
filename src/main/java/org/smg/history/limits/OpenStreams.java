package org.smg.history.limits;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.smg.history.config.Option;
import org.smg.history.config.Options;

/** Counts answers of the model server that are under way, and says when there are too many. */
public final class OpenStreams {

  static final Option<Integer> PER_TENANT =
      Option.number("history-limit-open-streams", 0, 0, 9_999_999);

  private final int perTenant;
  private final ConcurrentMap<String, Integer> tenants = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Integer> keys = new ConcurrentHashMap<>();

  /**
   * @param perTenant at once; 0 for no limit
   */
  OpenStreams(int perTenant) {
    this.perTenant = perTenant;
  }

  /** A place among those that are allowed, until it is given back. */
  public static final class Place {

    private final ConcurrentMap<String, Integer> taken;
    private final String name;
    private final AtomicBoolean back = new AtomicBoolean();

    private Place(ConcurrentMap<String, Integer> taken, String name) {
      this.taken = taken;
      this.name = name;
    }

    /** Gives it back; to do so again changes nothing. */
    public void giveBack() {
      if (back.compareAndSet(false, true)) {
        taken.computeIfPresent(name, (any, number) -> number == 1 ? null : number - 1);
      }
    }
  }

  /**
   * Takes a place of a key that has a limit of its own.
   *
   * @return empty if there is none left
   */
  public Optional<Place> takeOfKey(String key, int most) {
    return take(keys, key, most);
  }

  /**
   * Takes a place of a tenant.
   *
   * @return empty if there is none left
   */
  public Optional<Place> takeOfTenant(String tenant) {
    return take(tenants, tenant, perTenant == 0 ? Integer.MAX_VALUE : perTenant);
  }

  private static Optional<Place> take(ConcurrentMap<String, Integer> taken, String name, int most) {
    AtomicBoolean free = new AtomicBoolean();
    taken.compute(
        name,
        (any, known) -> {
          int number = known == null ? 0 : known;
          free.setPlain(number < most);
          return number < most ? Integer.valueOf(number + 1) : known;
        });
    return free.getPlain() ? Optional.of(new Place(taken, name)) : Optional.empty();
  }

  /** How many a tenant may have; 0 for no limit. */
  public int perTenant() {
    return perTenant;
  }

  /** How many places are taken, of all tenants. */
  int size() {
    return tenants.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** For administrators: what tenants may have open. */
  public String describe() {
    return perTenant == 0
        ? "Tenants may have any number of answers of the model server under way"
        : "A tenant may have %d answers of the model server under way (%s)"
            .formatted(perTenant, PER_TENANT.property());
  }

  /** Makes it from the options. */
  @ApplicationScoped
  public static class Selection {

    @Produces
    @Singleton
    OpenStreams selected(Options options) {
      return new OpenStreams(options.get(PER_TENANT));
    }
  }
}
