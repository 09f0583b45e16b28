package org.smg.history.gateway;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.smg.history.config.Option;
import org.smg.history.config.Options;

/**
 * @param url where the model server is, with {@code /v1} and without a slash at the end; empty
 *     where there is none
 * @param apiKey for the model server; empty where it takes none, or callers bring their own
 * @param connectTimeout until it has accepted a connection
 * @param timeout until the first byte of an answer, and between two bytes
 * @param maxRequestBytes how long a request to it may be
 * @param maxStreams how many of its answers may be under way at once
 * @param recordsChat whether chat completions are recorded
 */
record ModelServerOptions(
    Optional<URI> url,
    String apiKey,
    Duration connectTimeout,
    Duration timeout,
    int maxRequestBytes,
    int maxStreams,
    boolean recordsChat,
    OnHangUp onHangUp) {

  /** What becomes of an answer that is recorded when its caller has hung up. */
  enum OnHangUp {
    /** It is read to its end and recorded. */
    FINISH,
    /** The model server is told to stop, and what had arrived is recorded. */
    CANCEL
  }

  private static final int LONGEST_SECONDS = 86_400;
  private static final int SMALLEST_REQUEST = 1024;
  private static final int MOST_STREAMS = 100_000;

  static final Option<Optional<URI>> URL =
      Option.of("model-server-url", Optional.empty(), ModelServerOptions::url);

  static final Option<String> API_KEY =
      Option.text("model-server-api-key", "")
          .asSecret()
          .withCheck(ModelServerOptions::checkHeaderValue);

  static final Option<Integer> CONNECT_TIMEOUT =
      Option.number("model-server-connect-timeout-secs", 10, 1, LONGEST_SECONDS);

  static final Option<Integer> TIMEOUT =
      Option.number("model-server-timeout-secs", 600, 1, LONGEST_SECONDS);

  static final Option<Integer> MAX_REQUEST_BYTES =
      Option.number(
          "model-server-max-request-bytes", 32 << 20, SMALLEST_REQUEST, Integer.MAX_VALUE - 8);

  static final Option<Integer> MAX_STREAMS =
      Option.number("model-server-max-streams", 1000, 1, MOST_STREAMS);

  static final Option<Boolean> RECORD_CHAT = Option.flag("history-record-chat", true);

  static final Option<OnHangUp> ON_HANG_UP =
      Option.choice("model-server-on-hang-up", OnHangUp.FINISH);

  static ModelServerOptions read(Options options) {
    return new ModelServerOptions(
        options.get(URL),
        options.get(API_KEY),
        Duration.ofSeconds(options.get(CONNECT_TIMEOUT)),
        Duration.ofSeconds(options.get(TIMEOUT)),
        options.get(MAX_REQUEST_BYTES),
        options.get(MAX_STREAMS),
        options.get(RECORD_CHAT),
        options.get(ON_HANG_UP));
  }

  private static Optional<URI> url(String text) {
    try {
      URI url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (isHttp
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException malformed) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "is not the URL of a model server; expected http:// or https://, a host and a path, such as"
            + " http://localhost:8000/v1");
  }

  private static void checkHeaderValue(String key) {
    if (!key.matches("[\\x21-\\x7e]*")) {
      throw new IllegalArgumentException(
          "is not a key; allowed are letters, digits and signs of ASCII");
    }
  }
}
