package org.smg.history.security.apikey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.smg.history.config.Option;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.security.authentication.Credentials;
import org.smg.history.security.authentication.Identity;

/**
 * The API keys of a file, which is read again when it has changed. Requests look for a change, each
 * time half a second after the last look, so that a revocation counts within a second. While the
 * file cannot be read, no key counts.
 */
public final class ApiKeys implements Credentials {

  public static final Option<String> FILE = Option.text("history-api-keys-file", "");

  private static final Logger LOG = Logger.getLogger(ApiKeys.class.getName());

  /** Between two looks at the file. */
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Path file;
  private final EventLog log;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final AtomicLong lookedAt;
  private volatile Loaded loaded;

  /** Reads the file. */
  public ApiKeys(Path file, EventLog log) {
    this(file, log, InstantSource.system(), System::nanoTime);
  }

  ApiKeys(Path file, EventLog log, InstantSource clock, LongSupplier nanoTime) {
    this.file = file;
    this.log = log;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.lookedAt = new AtomicLong(nanoTime.getAsLong());
    this.loaded = load(Version.of(file));
  }

  /**
   * What tells two states of a file apart.
   *
   * @param key another file under the same name has another one, where the system has such keys
   */
  private record Version(FileTime modified, long size, Object key) {

    static final Version UNREADABLE = new Version(FileTime.fromMillis(0), -1, null);

    static Version of(Path file) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Version(now.lastModifiedTime(), now.size(), now.fileKey());
      } catch (IOException notThere) {
        return UNREADABLE;
      }
    }
  }

  private record Loaded(Version version, Map<String, ApiKey> byId, List<String> faults) {}

  /**
   * @param version taken before the file is read: a change in between is seen the next time
   */
  private Loaded load(Version version) {
    try {
      ApiKeyFile content = ApiKeyFile.read(file);
      Map<String, ApiKey> byId =
          content.keys().stream()
              .collect(Collectors.toMap(ApiKey::id, Function.identity(), (one, later) -> later));
      return new Loaded(version, byId, content.faults());
    } catch (IOException unreadable) {
      String fault =
          "'%s' cannot be read (%s); make the file with: history-keys create"
              .formatted(file, unreadable.getClass().getSimpleName());
      // That it may be read at last changes neither its time nor its size.
      return new Loaded(Version.UNREADABLE, Map.of(), List.of(fault));
    }
  }

  /** What could not be used of the file when it was last read, in words that follow its name. */
  public List<String> faults() {
    return loaded.faults;
  }

  @Override
  public Optional<Identity> identify(String token) {
    if (!ApiKeyToken.isWellFormed(token)) {
      return Optional.empty();
    }
    reloadIfChanged();
    ApiKeyToken sent = new ApiKeyToken(token);
    ApiKey known = loaded.byId.get(sent.id());
    return known != null && known.hasDigest(sent.digest()) && known.counts(clock.instant())
        ? Optional.of(known.identity())
        : Optional.empty();
  }

  @Override
  public String kind() {
    return "an API key";
  }

  private void reloadIfChanged() {
    long last = lookedAt.get();
    long now = nanoTime.getAsLong();
    // One request looks; the others go on with what is there.
    if (now - last < INTERVAL_NANOS || !lookedAt.compareAndSet(last, now)) {
      return;
    }
    Version version = Version.of(file);
    if (!version.equals(loaded.version)) {
      Loaded before = loaded;
      loaded = load(version);
      if (!loaded.faults.equals(before.faults)) {
        loaded.faults.forEach(
            fault -> log.write(LOG, Level.SEVERE, event(FILE.property() + ": " + fault)));
      }
      if (!loaded.version.equals(before.version)) {
        log.write(
            LOG, Level.INFO, event("Read %d API keys of %s".formatted(loaded.byId.size(), file)));
      }
    }
  }

  private static Event event(String message) {
    return Event.of("api_keys", message);
  }
}
