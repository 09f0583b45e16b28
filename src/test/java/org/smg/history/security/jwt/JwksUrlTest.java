package org.smg.history.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwksUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://login.acme.example/keys?tenant=a",
        "HTTPS://login.acme.example/keys",
        "http://localhost:8080/keys",
        "http://127.0.0.1/keys",
        "http://[::1]:8080/keys",
      })
  void keysComeOverTlsOrFromThisMachine(String url) {
    assertThat(Jwks.url(url)).isEqualTo(URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "keys",
        "http://login.acme.example/keys",
        "http://localhost.acme.example/keys",
        "http://127.0.0.1.acme.example/keys",
        "http://127.0.0.1@acme.example/keys",
        "https://user:secret@login.acme.example/keys",
        "https:///keys",
        "https:keys",
        "file:///etc/keys",
        "ftp://localhost/keys",
        "jar:file:///a.jar!/keys",
        "https://login acme.example/",
      })
  void otherUrlsAreRefused(String url) {
    assertThatThrownBy(() -> Jwks.url(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "is not the URL of a key set; allowed is https://…, without a user, and http://… if the"
                + " host is localhost, 127.… or [::1]");
  }
}
