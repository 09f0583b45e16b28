package org.smg.history.security;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** How callers say who they are, by the option {@code history-auth}. */
enum AuthMethod {
  /** They do not. */
  NONE,
  /** By a key that an administrator made for them. */
  API_KEY,
  /** By a token of an identity provider. */
  JWT,
  /** By a login to the server. */
  CONTAINER,
  /** A proxy says it for them. */
  PROXY;

  /**
   * Reads a list, separated by commas.
   *
   * @throws IllegalArgumentException with the fault
   */
  static Set<AuthMethod> list(String text) {
    Set<AuthMethod> methods = EnumSet.noneOf(AuthMethod.class);
    for (String word : text.split(",", -1)) {
      methods.add(of(word.strip()));
    }
    if (methods.contains(NONE) && methods.size() > 1) {
      throw new IllegalArgumentException("combines none with another method; none stands alone");
    }
    return methods;
  }

  private static AuthMethod of(String word) {
    return Arrays.stream(values())
        .filter(method -> method.word().equals(word))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "is unknown; allowed are none, or a list of: "
                        + Arrays.stream(values())
                            .filter(method -> method != NONE)
                            .map(AuthMethod::word)
                            .collect(Collectors.joining(", "))));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
