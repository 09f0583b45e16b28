package org.smg.history.security.jwt;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** An identity provider of a test: it has a key set at a URL, and makes tokens. */
public final class IdentityProvider implements AutoCloseable {

  public static final String AUDIENCE = "history";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile PublicJsonWebKey key;
  private volatile HttpHandler answer = exchange -> send(exchange, 200, keySet());

  public IdentityProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rotate();
    server.setExecutor(threads);
    server.createContext(
        "/keys",
        exchange -> {
          fetches.incrementAndGet();
          answer.handle(exchange);
        });
    server.start();
  }

  /** What tokens have in {@code iss}. */
  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public URI keysUrl() {
    return URI.create(issuer() + "/keys");
  }

  public int fetches() {
    return fetches.get();
  }

  /** Signs with another key from now on, and tells no other one. */
  public void rotate() {
    try {
      key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId(UUID.randomUUID().toString());
      key.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  public PublicJsonWebKey key() {
    return key;
  }

  /** The answer for whoever asks for the keys. */
  public String keySet() {
    return new JsonWebKeySet(key).toJson();
  }

  /** Answers otherwise from now on. */
  public void answer(HttpHandler other) {
    answer = other;
  }

  /** Answers as it should from now on. */
  public void recover() {
    answer = exchange -> send(exchange, 200, keySet());
  }

  public static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** What a token of this provider says that counts for five minutes. */
  public Map<String, Object> claims(String tenant, String user, String... roles) {
    long now = Instant.now().getEpochSecond();
    return new HashMap<>(
        Map.of(
            "iss", issuer(),
            "aud", AUDIENCE,
            "iat", now,
            "exp", now + 300,
            "tenant", tenant,
            "sub", user,
            "roles", List.of(roles)));
  }

  public String token(String tenant, String user, String... roles) {
    return sign(claims(tenant, user, roles));
  }

  /** A token with these claims. */
  public String sign(Map<String, Object> claims) {
    return sign(JsonUtil.toJson(claims), Map.of());
  }

  /**
   * A token.
   *
   * @param claims of any content
   * @param headers beside {@code alg} and {@code kid}, or instead of them
   */
  public String sign(String claims, Map<String, Object> headers) {
    JsonWebSignature token = new JsonWebSignature();
    token.setPayload(claims);
    token.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    token.setKeyIdHeaderValue(key.getKeyId());
    headers.forEach(token::setHeader);
    token.setKey(key.getPrivateKey());
    try {
      return token.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
