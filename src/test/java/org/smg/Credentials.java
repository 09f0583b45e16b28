package org.smg;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A user and a password, for tests that no message repeats a piece of them. */
public record Credentials(String user, String password) {

  /** All that RFC 3986 reserves or excludes, and characters of two, three and four bytes. */
  private static final String SPECIAL = ":/?#[]@!$&'()*+,;=%\"<>\\^`{}| -._~äß€😀";

  private static final String USER = "Uw3yJ8v";
  private static final String PASSWORD = "Zq7xK9w";

  /** The length of a piece that would tell something. */
  private static final int PIECE = 3;

  /** Random letters that Oracle's driver adds to its messages, in which any piece may occur. */
  private static final Pattern CONNECTION_ID = Pattern.compile("(?i)connection_id=[^,)\\s]*");

  /** Credentials with each special character, once in the user and once in the password. */
  public static Stream<Credentials> withSpecialCharacters() {
    return SPECIAL
        .codePoints()
        .mapToObj(Character::toString)
        .flatMap(
            special ->
                Stream.of(
                    new Credentials(with(USER, special), PASSWORD),
                    new Credentials(USER, with(PASSWORD, special))));
  }

  private static String with(String text, String special) {
    int middle = text.length() / 2;
    return text.substring(0, middle) + special + text.substring(middle);
  }

  /** The same, percent-encoded. */
  public Credentials encoded() {
    return new Credentials(encoded(user), encoded(password));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  /** Checks the messages of a failure and of its causes. */
  public void assertNotRepeatedBy(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertNoPiece(user, cause.getMessage());
      assertNoPiece(password, cause.getMessage());
    }
  }

  /** Checks the messages of a failure and of its causes for the password alone. */
  public void assertPasswordNotRepeatedBy(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertNoPiece(password, cause.getMessage());
    }
  }

  private static void assertNoPiece(String secret, String message) {
    String said = CONNECTION_ID.matcher(String.valueOf(message)).replaceAll("");
    for (int from = 0; from + PIECE <= secret.length(); from++) {
      assertThat(said).doesNotContain(secret.substring(from, from + PIECE));
    }
  }
}
