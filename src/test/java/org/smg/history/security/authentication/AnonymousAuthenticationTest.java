package org.smg.history.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;

class AnonymousAuthenticationTest {

  private final Authentication local = new AnonymousAuthentication(false);

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,localhost:9080",
    "127.0.0.1,LOCALHOST",
    "127.1.2.3,127.0.0.1:80",
    "::1,[::1]:9080",
    "0:0:0:0:0:0:0:1,[::1]",
    "0:0:0:0:0:0:0:1%lo,localhost",
  })
  void aRequestOfThisMachineIsServed(String address, String host) {
    assertThat(local.identify(sender(address, host))).contains(Identity.ANONYMOUS);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1,localhost:9080",
    "128.0.0.1,localhost",
    "127.evil.example,localhost",
    "::2,localhost",
    "0:0:0:0:0:0:0:11,localhost",
    "'',localhost",
    "127.0.0.1,history.example",
    "127.0.0.1,localhost.evil.example",
    "127.0.0.1,127.0.0.1.evil.example",
    "127.0.0.1,10.0.0.1:9080",
    "127.0.0.1,[::2]:9080",
    "127.0.0.1,localhost:9080@evil.example",
    "127.0.0.1,''",
  })
  void aRequestFromElsewhereIsRefused(String address, String host) {
    assertRefused(sender(address, host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "x-forwarded-proto",
        "X-Real-IP",
        "X-Original-URL",
        "WL-Proxy-Client-IP",
        "$WSRA"
      })
  void aForwardedRequestIsRefused(String header) {
    assertRefused(
        new SentRequest(
            "127.0.0.1", Map.of("Host", List.of("localhost"), header, List.of("127.0.0.1"))));
  }

  @Test
  void aRequestWithoutOneHostIsRefused() {
    assertRefused(new SentRequest("127.0.0.1", Map.of()));
    assertRefused(new SentRequest("127.0.0.1", Map.of("Host", List.of("localhost", "localhost"))));
  }

  @Test
  void whereEverybodyIsAllowedNothingIsAsked() {
    assertThat(new AnonymousAuthentication(true).identify(sender("10.0.0.1", "history.example")))
        .contains(Identity.ANONYMOUS);
  }

  private void assertRefused(Sender sender) {
    assertThatThrownBy(() -> local.identify(sender))
        .isInstanceOf(HistoryFailure.Forbidden.class)
        .hasMessageContaining("history-auth=api-key")
        .hasMessageContaining("history-allow-anonymous=true");
  }

  private static Sender sender(String address, String host) {
    return new SentRequest(address, Map.of("Host", List.of(host)));
  }
}
