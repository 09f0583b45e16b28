package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the files of the console are served where only this machine is. */
@ServedBy(MEMORY)
class ConsoleFilesIT {

  private static final Pattern LOADED = Pattern.compile("(?:href|src)=\"([^\"#]+)\"");

  private final Http http;
  private final ApplicationServer server;

  ConsoleFilesIT(ApplicationServer server) {
    this.server = server;
    this.http = server.http();
  }

  @Test
  void thePageAndWhatItLoadsAreThereWithStrictHeaders() {
    Answer page = http.get("/console/");
    List<String> loaded =
        LOADED.matcher(page.text()).results().map(match -> match.group(1)).toList();

    assertStrict(page, "text/html");
    assertThat(loaded).hasSizeGreaterThanOrEqualTo(3);
    for (String file : loaded) {
      assertStrict(
          http.get("/console/" + file),
          file.endsWith(".js")
              ? "text/javascript"
              : file.endsWith(".css") ? "text/css" : "image/svg+xml");
    }
    assertThat(http.get("/console/index.html").text()).isEqualTo(page.text());
  }

  private static void assertStrict(Answer answer, String type) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.header("Content-Type").replace(" ", ""))
        .isEqualToIgnoringCase(type + ";charset=UTF-8");
    assertThat(answer.header("Content-Security-Policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                + " connect-src 'self'; base-uri 'none'; form-action 'self';"
                + " frame-ancestors 'none'; require-trusted-types-for 'script';"
                + " trusted-types 'none'");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.header("Set-Cookie")).isNull();
  }

  @Test
  void theFolderLeadsToThePageUnderWhateverNameAndPath() {
    Answer answer = http.get("/console");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("console/");
  }

  @Test
  void aBrowserThatHasTheFileIsNotSentItAgain() {
    Answer first = http.get("/console/");
    Http again = http.with("If-None-Match: " + first.header("ETag"));

    assertThat(again.get("/console/").status()).isEqualTo(304);
    assertThat(again.get("/console/").body()).isEmpty();
    assertThat(http.with("If-None-Match: \"other\"").get("/console/").text())
        .isEqualTo(first.text());
  }

  @Test
  void headTellsTheSameWithoutTheFile() {
    Answer whole = http.get("/console/");
    Answer head = http.send("HEAD", "/console/", null);

    assertStrict(head, "text/html");
    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(whole.body().length));
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void filesCannotBeChanged(String method) {
    Answer answer = http.send(method, "/console/index.html", null);

    assertThat(Refusal.of(answer).code()).isEqualTo("method_not_supported");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/nothing.js",
        "/console/nothing/",
        "/console/index.html/",
        "/console/.html",
        "/console/INDEX.HTML",
        "/console/index.jsp",
        "/console/../WEB-INF/web.xml",
        "/console/%2e%2e/WEB-INF/web.xml",
        "/console/..;/WEB-INF/web.xml",
        "/console/x/../../WEB-INF/beans.xml",
      })
  void nothingElseIsServed(String path) {
    Answer answer = http.get(path);

    assertThat(answer.status()).as(answer.toString()).isBetween(400, 404);
    assertThat(answer.text()).doesNotContain("<web-app", "<beans");
  }

  /** Whatever the path looks like, what is behind the authentication stays there. */
  @ParameterizedTest
  @CsvSource({"/console/../v1/conversations", "/console/%2e%2e/v1/conversations"})
  void noPathLeadsAroundTheApi(String path) {
    Answer answer = http.named("history.example").get(path);

    assertThat(answer.status()).isBetween(400, 404);
    assertThat(answer.text()).doesNotContain("\"data\"");
  }

  @Test
  void othersThanThisMachineAreRefusedAsByTheApi() {
    for (Http other :
        List.of(http.named("history.example"), http.with("X-Forwarded-For: 10.0.0.1"))) {
      for (String path : List.of("/console", "/console/", "/console/index.html")) {
        assertThat(Refusal.of(other.get(path)).code()).isEqualTo("authentication_not_configured");
      }
    }
  }

  @Test
  void theStartSaysWhereItIs() {
    assertThat(server.log())
        .contains(
            "The console is on, at /console/ below the context root: only this machine is served,"
                + " and history-console is not set");
  }
}
