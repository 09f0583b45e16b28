package org.smg.history.security.authentication;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.smg.history.security.Endpoint;

/** What a user is to the history; {@link Endpoint} says what each role may do. */
public enum Role {
  /** Reads and writes, as far as {@code history-access} says. */
  USER,
  /** Reads the whole tenant and gives feedback, each time with a reason, which is logged. */
  REVIEWER,
  /** Deletes, whoever made it. */
  ADMIN,
  /** Sees figures, never content. */
  OPERATOR;

  /** The role's name in files and messages, such as {@code history-user}. */
  public String word() {
    return "history-" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException with the fault, if there is no such role
   */
  public static Role of(String word) {
    return Arrays.stream(values())
        .filter(role -> role.word().equals(word))
        .findAny()
        .orElseThrow(
            () -> new IllegalArgumentException("has an unknown role; allowed are " + words()));
  }

  private static String words() {
    return Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", "));
  }
}
