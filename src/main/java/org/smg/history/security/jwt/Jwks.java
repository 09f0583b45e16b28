package org.smg.history.security.jwt;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.smg.history.security.authentication.Loopback;

/** A JSON Web Key Set (RFC 7517, section 5) at a URL. */
record Jwks(URI url) implements Supplier<CompletableFuture<List<JsonWebKey>>> {

  /** For the whole of an answer. */
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** In bytes; large providers have 20 KB. */
  static final int MAX_SIZE = 512 << 10;

  /**
   * Reads a URL. Whoever can change the answer on its way can make tokens, so that only this
   * machine may answer without TLS.
   *
   * @throws IllegalArgumentException with the fault
   */
  static URI url(String text) {
    try {
      URI url = URI.create(text);
      boolean trusted =
          "https".equalsIgnoreCase(url.getScheme())
              || "http".equalsIgnoreCase(url.getScheme())
                  && url.getHost() != null
                  && Loopback.isHost(url.getHost());
      if (trusted && url.getHost() != null && url.getUserInfo() == null) {
        return url;
      }
    } catch (IllegalArgumentException malformed) {
      // Said below, like other faults.
    }
    throw new IllegalArgumentException(
        "is not the URL of a key set; allowed is https://…, without a user, and http://… if the host"
            + " is localhost, 127.… or [::1]");
  }

  /**
   * Fetches the keys. Redirects are not followed.
   *
   * @return those that may verify signatures, maybe none; it fails if there is no answer in time,
   *     or it is not a key set
   */
  @Override
  public CompletableFuture<List<JsonWebKey>> get() {
    // A client for each fetch: Java 17 cannot close one; its threads end when it is not used. They
    // are its own: with the server's executor no answer ever arrives on GlassFish 6.2.5.
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    HttpRequest request = HttpRequest.newBuilder(url).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, head -> new BoundedBody(MAX_SIZE));
    return exchange
        .copy()
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((answer, failure) -> exchange.cancel(true))
        .thenApply(Jwks::parse);
  }

  private static List<JsonWebKey> parse(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200) {
      throw new CompletionException(
          new IOException("the answer has the status " + answer.statusCode()));
    }
    try {
      return new JsonWebKeySet(new String(answer.body(), StandardCharsets.UTF_8))
          .getJsonWebKeys().stream()
              .filter(PublicJsonWebKey.class::isInstance)
              .filter(key -> key.getUse() == null || key.getUse().equals("sig"))
              .toList();
    } catch (JoseException | ClassCastException notASet) {
      throw new CompletionException(
          new IOException("the answer is not a JSON Web Key Set", notASet));
    }
  }
}
