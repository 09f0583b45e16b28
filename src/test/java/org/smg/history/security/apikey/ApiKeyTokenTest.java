package org.smg.history.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ApiKeyTokenTest {

  @Test
  void aTokenHasTheFormThatScannersLookFor() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      ApiKeyToken token = ApiKeyToken.random(new SecureRandom());
      assertThat(token.text()).matches("hk_[0-9A-Za-z]{44}");
      assertThat(ApiKeyToken.isWellFormed(token.text())).isTrue();
      assertThat(ApiKeyToken.isId(token.id())).isTrue();
      assertThat(token.digest()).matches("[0-9a-f]{64}");
      assertThat(token.toString()).doesNotContain(token.text().substring(13));
      seen.add(token.text());
    }
    assertThat(seen).hasSize(1000);
  }

  /** 28 characters of 62 are 166 bits; a source with fewer would show in the characters used. */
  @Test
  void theSecretUsesAllCharactersEquallyOften() {
    int[] counts = new int['z' + 1];
    for (int i = 0; i < 5000; i++) {
      ApiKeyToken.random(new SecureRandom())
          .text()
          .substring(13, 41)
          .chars()
          .forEach(c -> counts[c]++);
    }

    // 140,000 characters: 2,258 of each, with a standard deviation of 47.
    for (char c : "0123456789ABCXYZabcxyz".toCharArray()) {
      assertThat(counts[c]).as("%c", c).isBetween(1950, 2560);
    }
  }

  @Test
  void aMistypedCharacterShowsInTheChecksum() {
    String text = ApiKeyToken.random(new SecureRandom()).text();
    for (int i = 3; i < text.length(); i++) {
      char other = text.charAt(i) == 'x' ? 'y' : 'x';
      assertThat(ApiKeyToken.isWellFormed(text.substring(0, i) + other + text.substring(i + 1)))
          .isFalse();
    }
  }

  /** As the documents describe it, without the class that is tested. */
  @Test
  void theChecksumIsTheCrc32InBase62() {
    String text = ApiKeyToken.random(new SecureRandom()).text();

    assertThat(text.substring(41)).isEqualTo(checksum(text.substring(0, 41)));
  }

  /** A token that is well formed and names a key, but has another secret. */
  static ApiKeyToken withId(String id) {
    String front = "hk_" + id + "0".repeat(28);
    return new ApiKeyToken(front + checksum(front));
  }

  private static String checksum(String text) {
    String digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    CRC32 crc = new CRC32();
    crc.update(text.getBytes());
    StringBuilder checksum = new StringBuilder();
    for (long rest = crc.getValue(); checksum.length() < 6; rest /= 62) {
      checksum.insert(0, digits.charAt((int) (rest % 62)));
    }
    return checksum.toString();
  }
}
