package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a client asks for in vain is no reason to close its connection. GlassFish closes it after
 * 400, 408, 411, 413, 414, 500, 501 and 503; Open Liberty after 400, 402 to 417 and 500 to 505
 * (OpenLiberty/open-liberty#16521). Neither has a setting for it.
 */
@OnGlassFish
@ServedBy(MEMORY)
class KeptConnectionsIT {

  private static final int READ_TIMEOUT_MILLIS = 60_000;

  private final URI server;

  KeptConnectionsIT(ApplicationServer server) {
    this.server = URI.create(server.baseUrl());
  }

  @ParameterizedTest
  @CsvSource({
    "404,GET,/v1/conversations/unknown,",
    "404,DELETE,/v1/responses/unknown,",
    "404,GET,/nothing,",
    "405,DELETE,/v1/feedback,",
    "415,POST,/v1/conversations,text"
  })
  void anErrorKeepsTheConnection(int status, String method, String target, String body)
      throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

      assertThat(exchange(socket, answers, method, target, body)).isEqualTo(status);
      assertThat(exchange(socket, answers, "GET", "/v1/conversations?limit=1", null))
          .isEqualTo(200);
    }
  }

  /** Sends a request and reads the answer, whose status it returns. */
  private int exchange(
      Socket socket, BufferedReader answers, String method, String target, String body)
      throws IOException {
    String content = body == null ? "" : body;
    socket
        .getOutputStream()
        .write(
            "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(method, target, server.getAuthority(), content.length(), content)
                .getBytes(StandardCharsets.US_ASCII));
    String status = answers.readLine();
    assertThat(status).as("the connection is closed").isNotNull();
    int length = 0;
    for (String line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
      if (line.toLowerCase().startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    assertThat(length).isPositive();
    for (int i = 0; i < length; i++) {
      answers.read();
    }
    return Integer.parseInt(status.split(" ")[1]);
  }
}
