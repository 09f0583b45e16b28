package org.smg.history.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class JwksTest {

  private final IdentityProvider provider = new IdentityProvider();

  private final Jwks jwks = new Jwks(provider.keysUrl());

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void theKeysAreFetched() throws Exception {
    assertThat(jwks.get().join())
        .extracting(JsonWebKey::getKeyId)
        .containsExactly(provider.key().getKeyId());
  }

  /** Providers have keys for other uses and of kinds that nobody here knows. */
  @Test
  void keysThatVerifyNoSignatureAreLeftOut() throws Exception {
    String mine = provider.keySet();
    answer(
        200,
        mine.replace(
            "[",
            """
            [{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA","kid":"hmac"},
             {"kty":"unknown","kid":"other"},
             {"kty":"RSA","kid":"broken"},
             {"kty":"RSA","use":"enc","kid":"enc","e":"AQAB","n":"%s"},
            """
                .formatted("w".repeat(342))));

    assertThat(jwks.get().join())
        .extracting(JsonWebKey::getKeyId)
        .containsExactly(provider.key().getKeyId());
  }

  @Test
  void aSetMayBeEmpty() throws Exception {
    answer(200, "{\"keys\":[]}");

    assertThat(jwks.get().join()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "nonsense \u0000 \u001b[31m",
        "<html>Sign in</html>",
        "{\"keys\":1}",
        "{\"keys\":{}}",
        "{\"keys\":[1]}",
        "{\"keys\":[[]]}",
        "{\"keys\":[],\"keys\":[]}",
      })
  void whatIsNoKeySetIsRefused(String body) {
    answer(200, body);

    assertThatThrownBy(() -> jwks.get().join())
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("the answer is not a JSON Web Key Set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"keys\":"})
  void deepNonsenseIsRefused(String opening) {
    answer(200, opening.repeat(Jwks.MAX_SIZE / opening.length()));

    assertThatThrownBy(() -> jwks.get().join())
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("the answer is not a JSON Web Key Set");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 302, 404, 500, 503})
  void onlyAFullAnswerCounts(int status) {
    provider.answer(
        exchange -> {
          exchange.getResponseHeaders().set("Location", provider.issuer() + "/elsewhere");
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });

    assertThatThrownBy(() -> jwks.get().join())
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("the answer has the status " + status);
    assertThat(provider.fetches()).isEqualTo(1);
  }

  @Test
  void aHugeAnswerIsNotReadToItsEnd() {
    CountDownLatch hungUp = new CountDownLatch(1);
    provider.answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            for (; ; ) {
              out.write(new byte[1 << 16]);
            }
          } catch (IOException expected) {
            hungUp.countDown();
          }
        });

    assertThatThrownBy(() -> jwks.get().join())
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is larger than 524288 bytes");
    assertThat(reached(hungUp)).isTrue();
  }

  /** Each byte comes in time, but the whole does not. */
  @Test
  void aSlowAnswerIsGivenUp() {
    CountDownLatch hungUp = new CountDownLatch(1);
    provider.answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (!reached(hungUp, 100)) {
              out.write(' ');
              out.flush();
            }
          } catch (IOException expected) {
            hungUp.countDown();
          }
        });
    long begun = System.nanoTime();

    assertThatThrownBy(() -> jwks.get().join()).cause().isInstanceOf(TimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertThat(reached(hungUp)).isTrue();
  }

  @Test
  void nobodyMayListen() {
    provider.close();

    assertThatThrownBy(() -> jwks.get().join()).cause().isInstanceOf(ConnectException.class);
  }

  private void answer(int status, String body) {
    provider.answer(exchange -> IdentityProvider.send(exchange, status, body));
  }

  private static boolean reached(CountDownLatch latch) {
    return reached(latch, 10_000);
  }

  private static boolean reached(CountDownLatch latch, long millis) {
    try {
      return latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
