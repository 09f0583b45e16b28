package org.smg.history.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Authentication;
import org.smg.history.security.authentication.BearerAuthentication;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;
import org.smg.history.security.authentication.SentRequest;

class BearerAuthenticationTest {

  private static final Identity ALICE = new Identity("acme", "alice", Set.of(Role.USER));

  private final ApiKeyToken token = ApiKeyToken.random(new SecureRandom());
  private Authentication authentication;

  @BeforeEach
  void writeKeys(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    ApiKeyFile.write(
        file, List.of(new ApiKey(token.id(), token.digest(), ALICE, Instant.EPOCH, null, null)));
    authentication =
        new BearerAuthentication(List.of(new ApiKeys(file, new EventLog(LogFormat.TEXT))), "");
  }

  @Test
  void aKeyIsAccepted() {
    assertThat(identify("Bearer " + token.text())).contains(ALICE);
    assertThat(identify("bearer   " + token.text() + " ")).contains(ALICE);
  }

  @Test
  void aRequestWithoutCredentialIsToldApart() {
    assertThat(identify()).isEmpty();
    assertThat(refusal("Bearer x").credentialSent()).isTrue();
  }

  @Test
  void aHeaderThatComesTwiceIsRefused() {
    String right = "Bearer " + token.text();

    assertThat(refusal(right, right).credentialSent()).isTrue();
    assertThat(refusal(right, "Basic YTpi").credentialSent()).isTrue();
    assertThat(refusal(right + ", " + right).credentialSent()).isTrue();
  }

  /** Whatever is sent is refused alike, and the message repeats nothing of it. */
  @Test
  void everythingElseIsRefused() {
    String right = token.text();
    List<String> sent =
        new ArrayList<>(
            List.of(
                "",
                "Bearer",
                "Bearer ",
                "Bearer\t" + right,
                "Basic " + right,
                right,
                "Bearer " + right + right,
                "Bearer hk_",
                "Bearer eyJhbGciOiJub25lIn0.e30.",
                "Bearer " + right.toLowerCase(),
                "Bearer " + ApiKeyToken.random(new SecureRandom()).text(),
                "Bearer " + "hk_".repeat(1_000_000)));
    for (int i = 0; i < right.length(); i++) {
      sent.add("Bearer " + right.substring(0, i));
      sent.add("Bearer " + right.substring(0, i) + '~' + right.substring(i + 1));
    }
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      StringBuilder text = new StringBuilder("Bearer ");
      random.ints(random.nextInt(100), 0, 0x300).forEach(c -> text.append((char) c));
      sent.add(text.toString());
    }

    Set<String> messages =
        sent.stream().map(header -> refusal(header).getMessage()).collect(Collectors.toSet());

    assertThat(messages).hasSize(1).noneMatch(message -> message.contains(token.id()));
  }

  /** The secret is compared as a whole, not only what names the key. */
  @Test
  void anotherSecretUnderTheIdOfAKeyIsRefused() {
    ApiKeyToken forged = ApiKeyTokenTest.withId(token.id());

    assertThat(forged.id()).isEqualTo(token.id());
    assertThat(ApiKeyToken.isWellFormed(forged.text())).isTrue();
    assertThat(refusal("Bearer " + forged.text()).credentialSent()).isTrue();
  }

  private Optional<Identity> identify(String... headers) {
    return authentication.identify(
        new SentRequest("10.0.0.1", Map.of("Authorization", List.of(headers))));
  }

  private HistoryFailure.Unauthenticated refusal(String... headers) {
    List<HistoryFailure.Unauthenticated> refused = new ArrayList<>();
    assertThatThrownBy(() -> identify(headers))
        .isInstanceOfSatisfying(HistoryFailure.Unauthenticated.class, refused::add);
    return refused.get(0);
  }
}
