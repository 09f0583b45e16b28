package org.smg.history.wartests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer tells browsers and caches, and what none tells of the server. */
@ServedBy(MEMORY)
class ResponseHeadersIT {

  private final ApplicationServer server;

  ResponseHeadersIT(ApplicationServer server) {
    this.server = server;
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/conversations",
    "POST,/v1/conversations",
    "OPTIONS,/v1/conversations",
    "HEAD,/v1/conversations",
    "PATCH,/v1/conversations",
    "GET,/v1/conversations/none",
    "GET,/v1/conversations?limit=x",
    "GET,/v1/conversations?limit=%FF",
    "GET,/v1/nothing",
    "GET,/",
    "GET,/error",
    "GET,/WEB-INF/web.xml",
  })
  void noAnswerIsKeptOrRunByABrowser(String method, String target) {
    assertHardened(server.http().send(method, target, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost.evil.example"})
  void neitherIsWhatIsRefusedBeforeItIsRead(String host) {
    assertHardened(server.http().named(host).get("/v1/conversations"));
  }

  /** Most of these are answered by the server itself, some before it knows of any application. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/conversations",
        "GET /nothing",
        "GET /%zz",
        "GET /v1/%00",
        "GET /v1/%2F",
        "GET /v1/..%5C..",
        "TRACE /",
        "OPTIONS *",
        "FOO /v1",
        "GET /health/nothing",
        "GET //",
        "PROPFIND /",
      })
  void noAnswerNamesTheServerOrAVersion(String line) {
    String[] words = line.split(" ");

    assertAnonymous(server.http().send(words[0], words[1], null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: many", "Transfer-Encoding: none", "Expect: nothing", "A B: c"})
  void neitherDoesTheAnswerToABrokenRequest(String header) {
    assertAnonymous(
        server
            .http()
            .send(
                "POST",
                "/v1/conversations",
                List.of(header, "Content-Length: 1"),
                "{".getBytes(UTF_8)));
  }

  private static void assertHardened(Answer answer) {
    assertThat(answer.header("X-Content-Type-Options")).as(answer.toString()).isEqualTo("nosniff");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Content-Security-Policy"))
        .isEqualTo("default-src 'none'; frame-ancestors 'none'");
    assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
    assertAnonymous(answer);
  }

  private static void assertAnonymous(Answer answer) {
    assertThat(answer.header("Server")).isNull();
    assertThat(answer.header("X-Powered-By")).isNull();
    assertThat(String.join("\n", answer.head()) + answer.text())
        .doesNotContainIgnoringCase("liberty", "websphere", "glassfish", "grizzly", "eclipse")
        .doesNotContainIgnoringCase("$wsep", "openjdk", "java/", "servlet/", "jsp/", "jersey")
        .doesNotContain("\tat ");
  }
}
