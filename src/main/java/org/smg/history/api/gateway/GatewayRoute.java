package org.smg.history.api.gateway;

import java.util.Arrays;
import java.util.Optional;
import org.smg.history.security.Endpoint;

/** Which requests go to the model server. */
enum GatewayRoute {
  RESPONSES(Endpoint.CREATE_RESPONSE),
  CHAT_COMPLETIONS(Endpoint.CREATE_CHAT_COMPLETION),
  EMBEDDINGS(Endpoint.CREATE_EMBEDDINGS),
  MODELS(Endpoint.LIST_MODELS),
  MODEL(Endpoint.GET_MODEL) {

    private static final String BEGIN = "/v1/models/";

    /** The names of models have slashes, too. */
    @Override
    boolean fits(String path) {
      return path.startsWith(BEGIN)
          && Arrays.stream(path.substring(BEGIN.length()).split("/", -1))
              .noneMatch(GatewayRoute::leadsElsewhere);
    }
  };

  private static final String BASE = "/v1";

  private final Endpoint endpoint;

  GatewayRoute(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * @param path below the context root, percent-encoded
   */
  static Optional<GatewayRoute> of(String method, String path) {
    return Arrays.stream(values())
        .filter(route -> route.endpoint.method().equals(method) && route.fits(path))
        .findFirst();
  }

  boolean fits(String path) {
    return path.equals(BASE + endpoint.path());
  }

  private static boolean leadsElsewhere(String segment) {
    return segment.replace("%2E", ".").replace("%2e", ".").matches("\\.{0,2}");
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The path below the model server's URL. */
  String path(String path) {
    return path.substring(BASE.length());
  }
}
