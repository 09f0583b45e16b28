package org.smg.history.retention;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.storage.Backend;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.RetentionDefault;
import org.smg.history.storage.StoredIn;

/** How long history is kept, by this service's clock. */
public final class Retention implements Horizon {

  /** In the place of a number of days. */
  static final int FOR_EVER = -1;

  /** For all of history, where nothing else is set; of some backends the default is their own. */
  static final Option<Optional<Integer>> DAYS = Option.optionalDays("history-retention-days");

  static final Option<Optional<Integer>> RESPONSE_DAYS =
      Option.optionalDays("history-response-retention-days");

  private final int conversationDays;
  private final int responseDays;
  private final Clock clock;

  /**
   * @param conversationDays how long a conversation is kept after its last update, or -1 for ever
   * @param responseDays how long a response is kept after it was recorded, or -1 for ever
   */
  Retention(int conversationDays, int responseDays, Clock clock) {
    this.conversationDays = conversationDays;
    this.responseDays = responseDays;
    this.clock = clock;
  }

  /**
   * @param ofBackend the backend's own option, if it has one
   */
  static Retention read(Options options, Optional<RetentionDefault> ofBackend) {
    Optional<Integer> set = options.get(DAYS);
    Optional<Integer> own = ofBackend.flatMap(backend -> options.get(backend.option()));
    if (set.isPresent() && own.isPresent() && !set.equals(own)) {
      options.refuse(
          DAYS,
          "'%d' differs from %s, which is %d; set one of them"
              .formatted(set.get(), ofBackend.get().option().property(), own.get()));
    }
    int days =
        set.or(() -> own).orElseGet(() -> ofBackend.map(RetentionDefault::days).orElse(FOR_EVER));
    return new Retention(days, options.get(RESPONSE_DAYS).orElse(days), Clock.systemUTC());
  }

  @Override
  public long conversations() {
    return ago(conversationDays);
  }

  @Override
  public long responses() {
    return ago(responseDays);
  }

  private long ago(int days) {
    return days == FOR_EVER
        ? Long.MIN_VALUE
        : ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()) - TimeUnit.DAYS.toMicros(days);
  }

  /** This service's time. */
  Instant now() {
    return clock.instant();
  }

  /**
   * @return empty for ever
   */
  Optional<Integer> conversationDays() {
    return Optional.of(conversationDays).filter(days -> days != FOR_EVER);
  }

  /**
   * @return empty for ever
   */
  Optional<Integer> responseDays() {
    return Optional.of(responseDays).filter(days -> days != FOR_EVER);
  }

  /** For administrators. */
  public String describe() {
    return "Conversations are kept %s after their last update, responses %s after they were recorded"
        .formatted(period(conversationDays), period(responseDays));
  }

  private static String period(int days) {
    return days == FOR_EVER ? "for ever" : days == 1 ? "one day" : days + " days";
  }

  /** Makes it from the options. */
  @ApplicationScoped
  public static class Selection {

    @Produces
    @Singleton
    Retention selected(Options options, @Any Instance<RetentionDefault> ofBackends) {
      // Read where the storage is not made yet, so that its fault is told with all others.
      options.get(Purge.INTERVAL_SECS);
      Instance<RetentionDefault> own =
          ofBackends.select(new StoredIn.Literal(options.get(Backend.OPTION)));
      return read(options, own.isResolvable() ? Optional.of(own.get()) : Optional.empty());
    }
  }
}
