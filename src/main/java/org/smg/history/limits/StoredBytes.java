package org.smg.history.limits;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.ByteSums;

/**
 * Counts the bytes that tenants and keys with a limit store, and says when there are too many. What
 * all servers had counted is known from the last look at the backend; what this server has counted
 * since is added.
 */
public final class StoredBytes implements ByteMeter {

  /** In units of 1,048,576 bytes; the most is 9.5 TB. */
  static final Option<Integer> MEGABYTES =
      Option.number("history-limit-stored-megabytes", 0, 0, 9_999_999);

  private static final long MEGABYTE = 1L << 20;

  /** Names beyond are forgotten while nobody uses them, and asked for anew. */
  static final int MAX_NAMES = 10_000;

  private final int megabytes;
  private final ConcurrentMap<Name, Count> counts = new ConcurrentHashMap<>();

  /**
   * @param megabytes that each tenant may store; 0 for no limit
   */
  StoredBytes(int megabytes) {
    this.megabytes = megabytes;
  }

  /**
   * @param apiKey or {@link ByteSums#WHOLE_TENANT}
   */
  private record Name(String tenant, String apiKey) {}

  /**
   * @param known what the backend told last
   * @param added since then, and not in the backend yet
   * @param asked whether somebody wanted to know since then
   */
  private record Count(long known, long added, boolean asked) {

    private static final Count NOTHING = new Count(0, 0, false);

    /** Whether the backend has nothing to be told or asked. */
    boolean isIdle() {
      return added == 0 && !asked;
    }
  }

  @Override
  public boolean counts(Scope scope) {
    return megabytes > 0 || scope.apiKey() != null;
  }

  @Override
  public void changed(Scope scope, long bytes) {
    if (megabytes > 0) {
      add(new Name(scope.tenant(), ByteSums.WHOLE_TENANT), bytes);
    }
    if (scope.apiKey() != null) {
      add(new Name(scope.tenant(), scope.apiKey()), bytes);
    }
  }

  private void add(Name name, long bytes) {
    counts.merge(
        name,
        new Count(0, bytes, false),
        (count, more) -> new Count(count.known, count.added + more.added, count.asked));
  }

  /** What a key may store that has a limit of its own. */
  public StorageAllowance ofKey(String tenant, String key, int ownMegabytes) {
    return allowance(new Name(tenant, key), ownMegabytes);
  }

  /**
   * What a tenant may store.
   *
   * @return empty if tenants have no limit
   */
  public Optional<StorageAllowance> ofTenant(String tenant) {
    return megabytes == 0
        ? Optional.empty()
        : Optional.of(allowance(new Name(tenant, ByteSums.WHOLE_TENANT), megabytes));
  }

  private StorageAllowance allowance(Name name, int limit) {
    Count count = counts.get(name);
    if (count == null || !count.asked) {
      count =
          counts.compute(
              name,
              (any, known) -> {
                Count before = known == null ? Count.NOTHING : known;
                return new Count(before.known, before.added, true);
              });
    }
    return StorageAllowance.of(limit * MEGABYTE, count.known + count.added);
  }

  /** Tells the backend what was counted, and asks it for the sums of those who were here lately. */
  void exchange(ByteSums sums) {
    Map<String, Map<String, Long>> due = new HashMap<>();
    counts.forEach(
        (name, count) -> {
          if (!count.isIdle()) {
            due.computeIfAbsent(name.tenant, tenant -> new HashMap<>())
                .put(name.apiKey, count.added);
          }
        });
    due.forEach((tenant, names) -> exchange(tenant, names, sums));
    if (counts.size() > MAX_NAMES) {
      counts.keySet().forEach(this::forgetIfIdle);
    }
  }

  private void exchange(String tenant, Map<String, Long> added, ByteSums sums) {
    Map<String, Long> changes = new HashMap<>(added);
    changes.values().removeIf(bytes -> bytes == 0);
    if (!changes.isEmpty()) {
      sums.add(tenant, changes);
      changes.forEach(
          (apiKey, bytes) ->
              counts.computeIfPresent(
                  new Name(tenant, apiKey),
                  (any, count) ->
                      new Count(count.known + bytes, count.added - bytes, count.asked)));
    }
    Map<String, Long> now = sums.sums(tenant);
    added
        .keySet()
        .forEach(
            apiKey ->
                counts.computeIfPresent(
                    new Name(tenant, apiKey),
                    (any, count) -> new Count(now.getOrDefault(apiKey, 0L), count.added, false)));
  }

  private void forgetIfIdle(Name name) {
    counts.computeIfPresent(name, (any, count) -> count.isIdle() ? null : count);
  }

  int size() {
    return counts.size();
  }

  /** For administrators: what tenants may store. */
  public String describe() {
    return megabytes == 0
        ? "Tenants may store any number of bytes"
        : "A tenant may store %d megabytes (%s)".formatted(megabytes, MEGABYTES.property());
  }

  /** Makes it from the options. */
  @ApplicationScoped
  public static class Selection {

    @Produces
    @Singleton
    StoredBytes selected(Options options) {
      return new StoredBytes(options.get(MEGABYTES));
    }
  }
}
