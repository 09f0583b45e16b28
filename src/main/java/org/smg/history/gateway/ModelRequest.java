package org.smg.history.gateway;

import java.util.List;
import java.util.Optional;

/**
 * What the model server is asked.
 *
 * @param method {@code GET} or {@code POST}
 * @param path below the model server's URL, percent-encoded, with a slash in front
 * @param headers that go along, besides the credential
 * @param authorization the caller's credential for the model server, as a header's value; if there
 *     is none, the configured key is sent
 * @param body as it is sent; empty with {@code GET}
 */
public record ModelRequest(
    String method, String path, List<Header> headers, Optional<String> authorization, byte[] body) {

  /** A header and its value. */
  public record Header(String name, String value) {}

  /** A header's value. */
  Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** The same without a header. */
  ModelRequest without(String name) {
    List<Header> others =
        headers.stream().filter(header -> !header.name().equalsIgnoreCase(name)).toList();
    return new ModelRequest(method, path, others, authorization, body);
  }

  /** The same with another body. */
  ModelRequest withBody(byte[] other) {
    return new ModelRequest(method, path, headers, authorization, other);
  }
}
