package org.smg.history.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;

/** A server that is called {@code history.example} and allows pages of one other origin. */
class CrossSiteTest {

  private final CrossSite crossSite = new CrossSite(Set.of("https://chat.example"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Programs.
        "GET",
        "POST",
        "DELETE",
        // Pages of the server itself.
        "GET; Sec-Fetch-Site: same-origin",
        "POST; Sec-Fetch-Site: same-origin; Origin: https://history.example",
        "POST; Sec-Fetch-Site: same-origin; Origin: https://outside.example",
        "POST; Origin: https://history.example",
        "DELETE; Origin: http://history.example",
        // An address that was typed in, a link that was followed.
        "GET; Sec-Fetch-Site: none; Sec-Fetch-Mode: navigate",
        "GET; Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: navigate",
        // Browsers tell only the origin where there is no TLS, and they keep the answer from the
        // page.
        "GET; Origin: https://evil.example",
        // What another filter answers, and allows nothing.
        "OPTIONS; Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: cors; Origin: https://evil.example",
        // The page is allowed, or brings the credential itself.
        "POST; Sec-Fetch-Site: cross-site; Origin: https://chat.example",
        "POST; Sec-Fetch-Site: cross-site; Origin: https://evil.example; Authorization: Bearer hk_x",
      })
  void whatTheUserOrAProgramWantsIsServed(String request) {
    assertThatCode(() -> crossSite.refuse(sent(request))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST; Sec-Fetch-Site: cross-site",
        "POST; Sec-Fetch-Site: same-site",
        "POST; Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: navigate; Origin: null",
        "POST; Sec-Fetch-Site: cross-site; Origin: https://history.example",
        "GET; Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: no-cors",
        "GET; Sec-Fetch-Site: same-site; Sec-Fetch-Mode: cors; Origin: https://other.history.example",
        "POST; Origin: https://evil.example",
        "POST; Origin: null",
        "POST; Origin: https://history.example.evil.example",
        "POST; Origin: https://history.example:8443",
        "PUT; Origin: https://evil.example",
        "DELETE; Origin: https://evil.example; Authorization: Basic eDp4",
        "POST; Origin: https://chat.example, https://evil.example",
        "FOO; Origin: https://evil.example",
      })
  void whatAPageOfAnotherSiteMakesABrowserSendIsRefused(String request) {
    assertThatThrownBy(() -> crossSite.refuse(sent(request)))
        .isInstanceOfSatisfying(
            HistoryFailure.Forbidden.class,
            refused -> assertThat(refused.code()).isEqualTo("cross_site_request"));
  }

  private static Sender sent(String request) {
    List<String> parts = Arrays.asList(request.split("; "));
    Map<String, List<String>> headers = new TreeMap<>(Map.of("Host", List.of("history.example")));
    parts.stream()
        .skip(1)
        .map(header -> header.split(": "))
        .forEach(header -> headers.put(header[0], List.of(header[1])));
    return new SentRequest(parts.get(0), "10.0.0.1", headers);
  }
}
