package org.smg.history.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;

class VerifiedTokensTest {

  private static final Identity ALICE = new Identity("acme", "alice", Set.of(Role.USER));
  private static final long NOW = 1_800_000_000;

  private final VerifiedTokens tokens = new VerifiedTokens();

  @Test
  void aTokenCountsForAMinute() {
    tokens.add(digest(1), ALICE, NOW + 3600, NOW);

    assertThat(tokens.find(digest(1), NOW + 59)).contains(ALICE);
    assertThat(tokens.find(digest(1), NOW + 60)).isEmpty();
    assertThat(tokens.find(digest(2), NOW)).isEmpty();
  }

  @Test
  void aTokenCountsUntilItExpires() {
    tokens.add(digest(1), ALICE, NOW + 10, NOW);

    assertThat(tokens.find(digest(1), NOW + 9)).contains(ALICE);
    assertThat(tokens.find(digest(1), NOW + 10)).isEmpty();
  }

  @Test
  void theTimeMayBeTheLastOne() {
    tokens.add(digest(1), ALICE, Long.MAX_VALUE, NOW);

    assertThat(tokens.find(digest(1), NOW + 59)).contains(ALICE);
    assertThat(tokens.find(digest(1), NOW + 60)).isEmpty();
  }

  @Test
  void theirNumberIsBounded() {
    for (int i = 0; i < 3 * VerifiedTokens.MAX_COUNT; i++) {
      tokens.add(digest(i), ALICE, NOW + 3600, NOW);

      assertThat(tokens.size()).isLessThanOrEqualTo(VerifiedTokens.MAX_COUNT);
    }
  }

  /** Those that count stay, if there are others to remove. */
  @Test
  void whatHasExpiredGoesFirst() {
    for (int i = 0; i < VerifiedTokens.MAX_COUNT - 1; i++) {
      tokens.add(digest(i), ALICE, NOW + 1, NOW);
    }
    tokens.add(digest(-1), ALICE, NOW + 3600, NOW);

    tokens.add(digest(-2), ALICE, NOW + 3600, NOW + 1);

    assertThat(tokens.size()).isEqualTo(2);
    assertThat(tokens.find(digest(-1), NOW + 1)).contains(ALICE);
  }

  private static ByteBuffer digest(int number) {
    return ByteBuffer.allocate(32).putInt(number).rewind();
  }
}
