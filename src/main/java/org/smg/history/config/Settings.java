package org.smg.history.config;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The options that hold whatever the backend, read once. */
@Dependent
public final class Settings {

  static final Option<Integer> MAX_BODY_BYTES =
      Option.number("history-max-body-bytes", 32 << 20, 1, 1 << 30);

  static final Option<Set<String>> CORS_ORIGINS =
      Option.of("history-cors-origins", Set.of(), Settings::origins);

  /** As browsers send it: in lower case, without a path, without the scheme's own port. */
  private static final Pattern ORIGIN =
      Pattern.compile("https?://(?:[a-z0-9.-]+|\\[[0-9a-f:.]+])(?::[1-9][0-9]{0,4})?");

  private static final Pattern OWN_PORT = Pattern.compile("http://.*:80|https://.*:443");

  private final int maxBodyBytes;
  private final Set<String> corsOrigins;

  @Inject
  public Settings(Options options) {
    maxBodyBytes = options.get(MAX_BODY_BYTES);
    corsOrigins = options.get(CORS_ORIGINS);
  }

  /** The size of the largest request body, in bytes. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** The origins whose pages may call the service, as browsers send them. */
  public Set<String> corsOrigins() {
    return corsOrigins;
  }

  private static Set<String> origins(String list) {
    Set<String> origins =
        Arrays.stream(list.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    if (!origins.stream().allMatch(Settings::isOrigin)) {
      throw new IllegalArgumentException(
          "is no list of origins; allowed are scheme and host in lower case, with a port if it is"
              + " not the scheme's own, such as https://chat.example,http://localhost:3000");
    }
    return Set.copyOf(origins);
  }

  private static boolean isOrigin(String text) {
    return ORIGIN.matcher(text).matches() && !OWN_PORT.matcher(text).matches();
  }
}
