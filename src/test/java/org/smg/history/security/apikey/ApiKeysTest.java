package org.smg.history.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;

class ApiKeysTest {

  private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
  private static final Identity ALICE = new Identity("acme", "alice", Set.of(Role.USER));

  private final ApiKeyToken token = ApiKeyToken.random(new SecureRandom());
  private final AtomicLong nanos = new AtomicLong();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("keys");
  }

  @Test
  void aKeyCountsUntilItExpires() throws IOException {
    ApiKeyFile.write(file, List.of(key(NOW.plusNanos(1), null)));
    assertThat(keys().identify(token.text())).contains(ALICE);

    ApiKeyFile.write(file, List.of(key(NOW, null)));
    assertThat(keys().identify(token.text())).isEmpty();
  }

  @Test
  void aRevocationCountsWithinASecond() throws IOException {
    ApiKeyFile.write(file, List.of(key(null, null)));
    ApiKeys keys = keys();
    assertThat(keys.identify(token.text())).contains(ALICE);

    ApiKeyFile.write(file, List.of(key(null, NOW)));
    nanos.addAndGet(Duration.ofMillis(500).toNanos());

    assertThat(keys.identify(token.text())).isEmpty();
  }

  @Test
  void aNewKeyCountsWithoutARestart() throws IOException {
    ApiKeyFile.write(file, List.of());
    ApiKeys keys = keys();
    assertThat(keys.identify(token.text())).isEmpty();

    ApiKeyFile.write(file, List.of(key(null, null)));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(keys.identify(token.text())).contains(ALICE);
  }

  @Test
  void theFileIsLookedAtTwiceASecondAtMost() throws IOException {
    ApiKeyFile.write(file, List.of(key(null, null)));
    ApiKeys keys = keys();

    Files.delete(file);
    nanos.addAndGet(Duration.ofMillis(499).toNanos());

    assertThat(keys.identify(token.text())).contains(ALICE);
  }

  @Test
  void withoutItsFileNoKeyCounts() throws IOException {
    ApiKeyFile.write(file, List.of(key(null, null)));
    ApiKeys keys = keys();

    Files.delete(file);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(keys.identify(token.text())).isEmpty();
    assertThat(keys.faults()).singleElement().asString().contains("NoSuchFileException");
  }

  /** As when only the right to read it was missing: neither time nor size tells. */
  @Test
  void aFileThatCanBeReadAtLastCounts() throws IOException {
    FileTime modified = FileTime.from(NOW);
    ApiKeyFile.write(file, List.of(key(null, null)));
    byte[] readable = Files.readAllBytes(file);
    byte[] unreadable = readable.clone();
    unreadable[0] = (byte) 0xFF;
    Files.write(file, unreadable);
    Files.setLastModifiedTime(file, modified);
    ApiKeys keys = keys();
    assertThat(keys.identify(token.text())).isEmpty();

    Files.write(file, readable);
    Files.setLastModifiedTime(file, modified);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(keys.identify(token.text())).contains(ALICE);
    assertThat(keys.faults()).isEmpty();
  }

  @Test
  void aLineThatCannotBeUsedIsNamedAndTheOthersCount() throws IOException {
    Files.writeString(
        file,
        """
        # a comment

        id=%s nonsense
        %s
        %s
        %s
        """
            .formatted(
                token.id(),
                key(null, null).line(),
                key(null, null).line().replace("history-user", "history-king"),
                key(null, null).line().replace("expires=-", "expires=tomorrow")));

    ApiKeys keys = keys();

    assertThat(keys.identify(token.text())).contains(ALICE);
    assertThat(keys.faults())
        .satisfiesExactly(
            third -> assertThat(third).startsWith("line 3 is no key; expected the fields id=… "),
            fifth ->
                assertThat(fifth)
                    .isEqualTo(
                        "line 5 has an unknown role; allowed are history-user, history-reviewer,"
                            + " history-admin, history-operator"),
            sixth -> assertThat(sixth).startsWith("line 6 has a time that is not like "));
  }

  private ApiKeys keys() {
    return new ApiKeys(file, new EventLog(LogFormat.TEXT), () -> NOW, nanos::get);
  }

  private ApiKey key(Instant expires, Instant revoked) {
    return new ApiKey(token.id(), token.digest(), ALICE, Instant.EPOCH, expires, revoked);
  }
}
