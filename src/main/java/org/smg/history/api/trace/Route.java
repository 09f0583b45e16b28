package org.smg.history.api.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.security.Endpoint;

/**
 * Which of the API's paths a request names. It is found before JAX-RS finds it, too, and for
 * requests that are refused.
 *
 * @param template such as {@code /v1/conversations/{id}}: of these there are few
 * @param ids what the path names, as it was sent, by names such as {@code conversation_id}
 */
record Route(String template, Map<String, String> ids) {

  private static final String ROOT = "/v1";
  private static final String PLAIN_ID = "id";

  private static final List<List<String>> TEMPLATES =
      Arrays.stream(Endpoint.values()).map(Endpoint::path).distinct().map(Route::segments).toList();

  /**
   * The route of a path.
   *
   * @param path below the application's context root, as it was sent
   */
  static Optional<Route> of(String path) {
    if (!path.startsWith(ROOT + "/")) {
      return Optional.empty();
    }
    List<String> sent = segments(path.substring(ROOT.length()));
    return TEMPLATES.stream()
        .filter(template -> fits(template, sent))
        .findFirst()
        .map(template -> new Route(template(template), ids(template, sent)));
  }

  /** The template of an endpoint. */
  static String template(Endpoint endpoint) {
    return ROOT + endpoint.path();
  }

  private static String template(List<String> segments) {
    return ROOT + "/" + String.join("/", segments);
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
    if (segments.get(segments.size() - 1).isEmpty()) {
      segments.remove(segments.size() - 1);
    }
    return segments;
  }

  private static boolean fits(List<String> template, List<String> sent) {
    if (template.size() != sent.size()) {
      return false;
    }
    for (int i = 0; i < sent.size(); i++) {
      if (sent.get(i).isEmpty() || !isId(template.get(i)) && !template.get(i).equals(sent.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> ids(List<String> template, List<String> sent) {
    Map<String, String> ids = new LinkedHashMap<>();
    for (int i = 0; i < sent.size(); i++) {
      if (isId(template.get(i))) {
        String name = template.get(i).substring(1, template.get(i).length() - 1);
        ids.put(name.equals(PLAIN_ID) ? nameAfter(template.get(i - 1)) : name, sent.get(i));
      }
    }
    return ids;
  }

  private static boolean isId(String segment) {
    return segment.startsWith("{");
  }

  /** An id after {@code conversations} is a {@code conversation_id}. */
  private static String nameAfter(String collection) {
    return (collection.endsWith("s")
            ? collection.substring(0, collection.length() - 1)
            : collection)
        + "_id";
  }
}
