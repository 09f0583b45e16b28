package org.smg.history.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.security.Endpoint;

/** The paths that figures tell apart, as templates: what stands for an id is never in a label. */
final class Routes {

  private static final String API = "/v1";
  private static final String CONSOLE = "/console/*";

  private final Words templates;
  private final int[] byEndpoint;
  private final List<String[]> segments = new ArrayList<>();

  Routes() {
    Set<String> all = new LinkedHashSet<>();
    for (Endpoint endpoint : Endpoint.values()) {
      all.add(template(endpoint));
    }
    all.add("/metrics");
    all.forEach(template -> segments.add(split(template)));
    all.add(CONSOLE);
    templates = new Words(all);
    byEndpoint =
        Arrays.stream(Endpoint.values())
            .mapToInt(endpoint -> templates.number(template(endpoint)))
            .toArray();
  }

  private static String template(Endpoint endpoint) {
    return API + endpoint.path();
  }

  Words templates() {
    return templates;
  }

  int of(Endpoint endpoint) {
    return byEndpoint[endpoint.ordinal()];
  }

  /**
   * The route of a request that no endpoint has answered.
   *
   * @param path below the context root, as it was sent
   */
  int of(String path) {
    if (path.equals("/console") || path.startsWith("/console/")) {
      return templates.number(CONSOLE);
    }
    String[] sent = split(path);
    for (int i = 0; i < segments.size(); i++) {
      if (matches(segments.get(i), sent)) {
        return i;
      }
    }
    return templates.number(Words.OTHER);
  }

  private static String[] split(String path) {
    return path.split("/", -1);
  }

  private static boolean matches(String[] template, String[] sent) {
    boolean same = template.length == sent.length;
    for (int i = 0; same && i < sent.length; i++) {
      same = template[i].startsWith("{") ? !sent[i].isEmpty() : template[i].equals(sent[i]);
    }
    return same;
  }
}
