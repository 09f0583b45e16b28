package org.smg.history.wartests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every endpoint does with requests that are not meant for it. */
@ServedBy(MEMORY)
class ErrorsIT {

  private static final int LIMIT = 32 * 1024 * 1024;

  private final ApplicationServer server;
  private final Http http;

  ErrorsIT(ApplicationServer server) {
    this.server = server;
    this.http = server.http();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/nothing",
    "POST,/v1/nothing",
    "GET,/v1",
    "GET,/v1/",
    "GET,/",
    "GET,/nothing",
    "DELETE,/nothing",
    "GET,/error",
    "GET,/index.html",
    "GET,/WEB-INF/web.xml",
    "GET,/META-INF/MANIFEST.MF",
    "GET,//v1//conversations",
    "GET,/v1/conversations/c/items/i/more",
    "POST,/v1/responses/r/resume",
    "POST,/v1/responses/compact/more",
    "GET,/index.jsp",
    "OPTIONS,/index.jsp",
    "POST,/v1.jspx",
    "OPTIONS,/",
    "GET,/WEB-INF/",
    "GET,/WEB-INF/classes/",
    "GET,/META-INF/",
    "GET,/v1/application.wadl",
    "GET,/v1.html",
    "PUT,/file"
  })
  void anUnknownPathIsRefusedByItsName(String method, String path) {
    assertThat(Refusal.of(http.send(method, path, null)))
        .isEqualTo(Refusal.invalid(404, null, null, "Invalid URL (%s %s)".formatted(method, path)));
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH,/v1/conversations,GET POST DELETE",
    "PUT,/v1/conversations/c,GET POST DELETE",
    "PUT,/v1/conversations/c/items,GET POST",
    "POST,/v1/conversations/c/items/i,GET DELETE",
    "PUT,/v1/responses,GET POST DELETE",
    "POST,/v1/responses/r,GET PUT DELETE",
    "POST,/v1/responses/r/input_items,GET",
    "DELETE,/v1/responses/r/chain,GET",
    "PUT,/v1/responses/r/feedback,GET POST",
    "POST,/v1/feedback,GET",
    "POST,/v1/feedback/f,GET DELETE",
    "FOO,/v1/conversations,GET POST"
  })
  void aWrongMethodIsRefusedWithThoseThatAreAllowed(String method, String path, String allowed) {
    Answer answer = http.send(method, path, null);

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                405,
                null,
                "method_not_supported",
                "Not allowed to %s on %s".formatted(method, path)));
    assertThat(answer.header("Allow").split("\\s*,\\s*")).contains(allowed.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/conversations", "/", "/nothing", "/WEB-INF/web.xml"})
  void traceIsRefusedAndNotInHtml(String path) {
    Answer answer = http.send("TRACE", path, null);

    // GlassFish itself answers with 405 and no body.
    assertThat(answer.status()).isIn(404, 405);
    assertThat(answer.header("Content-Type")).isIn("application/json", null);
  }

  @Test
  void nothingOfAnUnknownPathIsShownToHead() {
    for (String path : List.of("/", "/nothing", "/WEB-INF/web.xml", "/v1", "/index.jsp")) {
      assertThat(http.send("HEAD", path, null).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void optionsNamesTheMethodsAndNothingElse() {
    Answer answer = http.send("OPTIONS", "/v1/conversations", null);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Allow").split("\\s*,\\s*"))
        .containsExactlyInAnyOrder("DELETE", "GET", "HEAD", "OPTIONS", "POST");
    assertThat(answer.header("Content-Type")).startsWith("text/plain");
    // No page of another site may ask for more.
    assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/conversations,limit",
    "/v1/conversations,order",
    "/v1/conversations,after",
    "/v1/conversations,before",
    "/v1/conversations,created_after",
    "/v1/conversations,created_before",
    "/v1/conversations,metadata[k]",
    "/v1/conversations/c/items,limit",
    "/v1/conversations/c/items,order",
    "/v1/conversations/c/items,after",
    "/v1/conversations/c/items,before",
    "/v1/responses,model",
    "/v1/responses,status",
    "/v1/responses,conversation",
    "/v1/responses,safety_identifier",
    "/v1/responses,user",
    "/v1/responses,metadata[k]",
    "/v1/responses/r,stream",
    "/v1/responses/r/input_items,limit",
    "/v1/responses/r/input_items,after",
    "/v1/responses/r/chain,limit",
    "/v1/responses/r/feedback,order",
    "/v1/feedback,rating",
    "/v1/feedback,response_id",
    "/v1/feedback,conversation_id",
    "/v1/feedback,model",
    "/v1/feedback,author"
  })
  void aParameterWithOneValueIsRefusedWhereItIsGivenTwice(String path, String name) {
    assertThat(Refusal.of(http.get("%s?%s=1&%s=2".formatted(path, name, name))))
        .isEqualTo(
            Refusal.invalid(
                400,
                name,
                "invalid_value",
                "Invalid '%s': the parameter is given more than once.".formatted(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/octet-stream",
        "application/json; charset",
        "application/json, text/plain",
        "application/jsonp",
        "*/*",
        "a/b/c",
        "bogus",
        ";",
        ""
      })
  void aBodyOfAnotherContentTypeIsRefused(String contentType) {
    Answer answer =
        http.send(
            "POST",
            "/v1/conversations",
            List.of("Content-Type: " + contentType),
            "{}".getBytes(UTF_8));

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                415,
                null,
                "unsupported_content_type",
                "Unsupported content type. Expected 'application/json' in UTF-8."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: application/json",
        "Content-Type: application/json; charset=UTF-8",
        "content-type: APPLICATION/JSON;charset=\"utf-8\"",
        "Content-Type: application/vnd.openai+json",
        "Content-Type: application/json; profile=x;"
      })
  void aBodyThatMeansJsonIsRead(String header) {
    Answer answer =
        http.send(
            "POST",
            "/v1/conversations",
            List.of(header),
            "{\"metadata\":{\"a\":\"b\"}}".getBytes(UTF_8));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/metadata/a").textValue()).isEqualTo("b");
  }

  /** A page of another site can make a browser send such a body without asking here first. */
  @Test
  void aBodyWithoutAContentTypeIsRefused() {
    for (String method : List.of("POST /v1/conversations", "PUT /v1/responses/untyped")) {
      String[] target = method.split(" ");
      Answer answer = http.send(target[0], target[1], List.of(), "{}".getBytes(UTF_8));

      assertThat(Refusal.of(answer).code()).isEqualTo("unsupported_content_type");
      assertThat(answer.status()).isEqualTo(415);
    }
    assertThat(http.get("/v1/responses/untyped").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip", "GZIP", "compress", "gzip, identity"})
  void anEncodedBodyIsRefusedWithWhatIsAccepted(String encoding) throws IOException {
    Answer answer =
        http.send(
            "POST",
            "/v1/conversations",
            List.of("Content-Type: application/json", "Content-Encoding: " + encoding),
            gzip("{}"));

    assertThat(Refusal.of(answer))
        .isEqualTo(
            Refusal.invalid(
                415,
                null,
                "unsupported_content_encoding",
                "Unsupported content encoding '%s'. Expected none, or 'identity'."
                    .formatted(encoding)));
    assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
  }

  @Test
  void aBodyThatIsSaidNotToBeEncodedIsRead() {
    assertThat(
            http.send(
                    "POST",
                    "/v1/conversations",
                    List.of("Content-Type: application/json", "Content-Encoding: Identity"),
                    "{}".getBytes(UTF_8))
                .status())
        .isEqualTo(200);
  }

  @Test
  void aContentTypeWithoutABodyIsNoFault() {
    List<String> json = List.of("Content-Type: application/json");

    assertThat(http.send("GET", "/v1/conversations?limit=1", json, null).status()).isEqualTo(200);
    assertThat(http.send("POST", "/v1/conversations", json, null).status()).isEqualTo(200);
    assertThat(http.send("POST", "/v1/conversations", json, new byte[0]).status()).isEqualTo(200);
    assertThat(http.send("POST", "/v1/conversations", List.of(), null).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "text/event-stream",
        "text/plain",
        "image/png",
        "application/xml",
        "bogus",
        "a/b/c",
        ";",
        ",",
        "text/html;q=x",
        "application/json;q=2"
      })
  void theAnswerIsJsonWhateverTheClientAccepts(String accepted) {
    List<String> headers = List.of("Accept: " + accepted, "Authorization: Bearer anything");

    Answer success = http.send("GET", "/v1/conversations?limit=1", headers, null);
    Answer failure = http.send("GET", "/v1/conversations/unknown", headers, null);

    assertThat(success.status()).isEqualTo(200);
    assertThat(success.header("Content-Type")).isEqualTo("application/json");
    assertThat(Refusal.of(failure).status()).isEqualTo(404);
  }

  @Test
  void everyAnswerHasARequestIdOfItsOwn() {
    List<Answer> answers =
        List.of(
            http.post("/v1/conversations", "{}"),
            http.get("/v1/conversations?limit=1"),
            http.get("/v1/conversations/unknown"),
            http.get("/nothing"),
            http.get("/v1/conversations/%2e%2e"),
            http.send("OPTIONS", "/v1/conversations", null),
            http.send("HEAD", "/v1/conversations", null));

    assertThat(answers)
        .extracting(answer -> answer.header("x-request-id"))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("req_[0-9a-f]{32}"));
  }

  @Test
  void aModelIsNotCalledWhereNoneIsConfigured() {
    assertThat(Refusal.of(http.post("/v1/responses", "{\"model\":\"m\",\"input\":\"hi\"}")))
        .isEqualTo(
            Refusal.invalid(
                400,
                null,
                "model_server_not_configured",
                "No model server is configured."
                    + " Record finished responses with PUT /v1/responses/{id}."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=%zz",
        "limit=%",
        "%e4%",
        "metadata[%5]=x",
        "limit=%\uff11\uff11",
        "metadata[k]=%ff",
        "metadata[k]=a%e4b",
        "metadata[k]=%ed%a0%80",
        "metadata[k]=%c0%af",
        "metadata[k]=\u00e4"
      })
  void aQueryThatIsNoUtf8IsRefused(String query) {
    for (String path : List.of("/v1/conversations", "/v1/conversations/c", "/nothing")) {
      assertThat(Refusal.of(http.get(path + "?" + query)))
          .isEqualTo(
              Refusal.invalid(
                  400, null, "invalid_url", "The URL is not properly percent-encoded in UTF-8."));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ff", "a%e4b", "%ed%a0%80", "%c0%af"})
  void aPathThatIsNoUtf8IsRefused(String id) {
    // GlassFish itself refuses it, without a body.
    assertThat(http.get("/v1/responses/" + id).status()).isEqualTo(400);
    assertThat(http.put("/v1/responses/" + id, "{}").status()).isEqualTo(400);
  }

  @Test
  void aPathThatIsNotAsciiIsRefused() {
    assertThat(Refusal.of(http.get("/v1/responses/\u00e4")).code()).isEqualTo("invalid_url");
  }

  /** Servers cut it out of the path, and what is left names another object. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/responses/in_url;jsessionid=1",
        "/v1/responses/in_url;jsessionid=1;x",
        "/v1/responses;jsessionid=1/more"
      })
  void aSessionIdInThePathIsRefused(String path) {
    Fixtures.stored(http.put("/v1/responses/in_url", Fixtures.answered("{}")));

    assertThat(Refusal.of(http.delete(path)))
        .isEqualTo(
            Refusal.invalid(
                400,
                null,
                "invalid_url",
                "The URL contains ';jsessionid=', which cannot be part of an id."));
    assertThat(http.get("/v1/responses/in_url").status()).isEqualTo(200);
  }

  @Test
  void aMatrixParameterIsNoPartOfAnyPath() {
    for (String path :
        List.of("/v1/conversations;x=1", "/v1;x/conversations", "/v1/responses;a/b")) {
      assertThat(Refusal.of(http.get(path)).status()).as(path).isEqualTo(404);
    }
  }

  /** What RFC 3986 does not allow in a URL, and browsers and other clients send all the same. */
  @Test
  void charactersThatShouldBeEncodedMeanThemselves() {
    assertThat(Refusal.of(http.get("/v1/responses/\"<[{|^`}]>")).message())
        .isEqualTo("Response with id '\"<[{|^`}]>' not found.");
    assertThat(http.get("/v1/responses?user=\"<[{|^`\\}]>").ids()).isEmpty();
  }

  /** A client's mistakes must not fill the disk, nor hide what an administrator looks for. */
  @Test
  void aMalformedRequestLeavesNoTraceInTheLog() {
    long before = traces();
    List<String> paths =
        List.of("a%2Fb", "a%5Cb", "a%23b", "%2e%2e", "a%00b", "%ff", "a\"b", "...");
    List<String> headers =
        List.of(
            "Content-Type: bogus",
            "Content-Type: a/b/c",
            "Content-Type: ;",
            "Accept: bogus",
            "Accept: a/b/c",
            "Accept: text/html;q=x",
            "Accept-Language: @@@;q=x",
            "Content-Encoding: br");

    for (String path : paths) {
      assertThat(http.get("/v1/responses/" + path).status()).as(path).isBetween(400, 404);
      assertThat(http.delete("/v1/responses/" + path).status()).as(path).isBetween(400, 404);
    }
    for (String header : headers) {
      assertThat(
              http.send("POST", "/v1/conversations", List.of(header), "{}".getBytes(UTF_8))
                  .status())
          .as(header)
          .isEqualTo(415);
      assertThat(http.send("GET", "/v1/conversations?limit=1", List.of(header), null).status())
          .as(header)
          .isEqualTo(200);
    }

    assertThat(traces()).isEqualTo(before);
  }

  /** The lines that belong to a stack trace, or tell of a failure. */
  private long traces() {
    return server
        .log()
        .lines()
        .filter(
            line -> line.startsWith("\tat ") || line.matches(".*(ERROR|WARN|SEVERE|Caused by).*"))
        .count();
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhenItsLengthIsSaid() {
    assertThat(
            Refusal.of(
                http.send(
                    "POST",
                    "/v1/conversations",
                    List.of("Content-Type: application/json"),
                    spaces(LIMIT + 1))))
        .isEqualTo(tooLarge());
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhenItComesInChunks() {
    assertThat(Refusal.of(http.sendChunked("POST", "/v1/conversations", spaces(1 << 16), 513)))
        .isEqualTo(tooLarge());
  }

  @Test
  void aBodyAtTheLimitIsAccepted() {
    byte[] body = spaces(LIMIT);
    body[LIMIT - 2] = '{';
    body[LIMIT - 1] = '}';

    assertThat(
            http.send("POST", "/v1/conversations", List.of("Content-Type: application/json"), body)
                .status())
        .isEqualTo(200);
  }

  @Test
  void aBodyInChunksIsReadWhole() {
    Answer answer =
        http.sendChunked("POST", "/v1/conversations", "{\"metadata\":{}}".getBytes(UTF_8), 1);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aBodyThatBreaksOffIsTheClientsFault() {
    Answer answer =
        http.send(
            "POST",
            "/v1/conversations",
            List.of("Content-Type: application/json", "Transfer-Encoding: chunked"),
            "5\r\n{\"a\":\r\nnot a length\r\n".getBytes(UTF_8));

    // By the server itself or by the application: who notices first depends on the server.
    assertThat(answer.status()).isEqualTo(400);
  }

  /** Whatever is thrown at it, a client sees a proper error and nothing of the inside. */
  @Test
  void randomlyBrokenRequestsAreRefusedWithoutAFaultOrATrace() {
    Random random = new Random(20261122);
    String conversation = Fixtures.conversation(http);
    List<String> targets =
        List.of(
            "POST /v1/conversations",
            "POST /v1/conversations/" + conversation,
            "POST " + Fixtures.items(conversation),
            "PUT /v1/responses/fuzzed",
            "POST /v1/responses/fuzzed/feedback");
    String valid =
        "{\"id\":\"fuzzed\",\"metadata\":{\"a\":\"b\"},\"rating\":\"positive\",\"status\":null,"
            + "\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":"
            + "\"input_text\",\"text\":\"h\\u00e9\"}]}],\"usage\":{\"input_tokens\":1e2},"
            + "\"conversation\":{\"id\":\"x\"},\"input\":[1,true,null],\"output\":[{}]}";

    for (int i = 0; i < 400; i++) {
      String[] target = targets.get(i % targets.size()).split(" ");
      Answer answer =
          http.send(
              target[0],
              target[1],
              List.of("Content-Type: application/json"),
              broken(valid.getBytes(UTF_8), random));

      assertThat(answer.status()).as(answer.toString()).isBetween(200, 499);
      assertThat(answer.text())
          .doesNotContain("Exception", "org.smg", "tools.jackson", "jakarta.", "java.", "\tat ")
          .doesNotContain("StreamReadFeature", "JsonReadFeature", "[Source");
    }
    assertThat(server.log()).doesNotContain("A request failed");
  }

  private static byte[] broken(byte[] body, Random random) {
    byte[] broken = body.clone();
    for (int n = random.nextInt(3); n >= 0; n--) {
      int at = random.nextInt(broken.length);
      switch (random.nextInt(4)) {
        case 0 -> broken[at] = (byte) random.nextInt(256);
        case 1 -> broken[at] = (byte) "{}[],:\"\\0e".charAt(random.nextInt(10));
        case 2 -> broken = Arrays.copyOf(broken, at + 1);
        default -> System.arraycopy(broken, at / 2, broken, at, broken.length - at);
      }
    }
    return broken;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(text.getBytes(UTF_8));
    }
    return zipped.toByteArray();
  }

  private static byte[] spaces(int length) {
    byte[] spaces = new byte[length];
    Arrays.fill(spaces, (byte) ' ');
    return spaces;
  }

  private static Refusal tooLarge() {
    return Refusal.invalid(
        413, null, "body_too_large", "The body is too large. Expected at most 33554432 bytes.");
  }
}
