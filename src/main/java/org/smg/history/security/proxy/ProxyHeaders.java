package org.smg.history.security.proxy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;
import org.smg.history.security.authentication.Sender;

/**
 * The headers in which a proxy says for whom a request is.
 *
 * @param tenant the header's name
 * @param user the header's name
 * @param roles the header's name; empty if all are users
 */
record ProxyHeaders(String tenant, String user, String roles) {

  /** SMG's name for it. */
  static final Option<String> TENANT =
      Option.of("history-proxy-tenant-header", "x-smg-tenant-id", ProxyHeaders::name);

  static final Option<String> USER =
      Option.of("history-proxy-user-header", "x-smg-user-id", ProxyHeaders::name);

  static final Option<String> ROLES =
      Option.of("history-proxy-roles-header", "", ProxyHeaders::name);

  private static final String USER_NAMES =
      "1 to 255 visible ASCII characters, with spaces between them, and no quotation mark";

  /** A token (RFC 9110, section 5.6.2). */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  static ProxyHeaders read(Options options) {
    return new ProxyHeaders(options.get(TENANT), options.get(USER), options.get(ROLES));
  }

  /** Whether any of them was sent, even without a value. */
  boolean areIn(Sender sender) {
    return names().anyMatch(name -> !sender.headers(name).isEmpty());
  }

  /** Their names, for messages. */
  String listed() {
    return names().collect(Collectors.joining(", "));
  }

  private Stream<String> names() {
    return Stream.of(tenant, user, roles).filter(name -> !name.isEmpty());
  }

  /**
   * @return without roles if none that was sent is known here
   * @throws HistoryFailure.Invalid if a header is missing, doubled or malformed
   */
  Identity identity(Sender sender) {
    return new Identity(
        name(tenant, sender, Identity::isTenant, Identity.TENANT_NAMES),
        name(user, sender, ProxyHeaders::isUser, USER_NAMES),
        roles(sender));
  }

  /** What is not ASCII comes in an encoding that nobody has told. */
  private static boolean isUser(String name) {
    return Identity.isUser(name) && name.chars().allMatch(c -> c < 0x80);
  }

  private static String name(
      String header, Sender sender, Predicate<String> allowed, String expected) {
    String sent =
        value(header, sender)
            .orElseThrow(
                () ->
                    new HistoryFailure.Invalid(
                        header,
                        "missing_required_parameter",
                        "Missing required header: '%s'. A proxy has to name tenant and user."
                            .formatted(header)));
    if (!allowed.test(sent)) {
      throw new HistoryFailure.Invalid(
          header, "invalid_value", "Invalid '%s': expected %s.".formatted(header, expected));
    }
    return sent;
  }

  private Set<Role> roles(Sender sender) {
    return roles.isEmpty()
        ? Set.of(Role.USER)
        : Arrays.stream(value(roles, sender).orElse("").split("[\\s,]+"))
            .map(Role::find)
            .flatMap(Optional::stream)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * A header's value. Of two, one may be what the proxy's client sent.
   *
   * @throws HistoryFailure.Invalid if it was sent more than once
   */
  private static Optional<String> value(String header, Sender sender) {
    List<String> sent = sender.headers(header);
    if (sent.size() > 1) {
      throw new HistoryFailure.Invalid(
          header,
          "invalid_value",
          "Invalid '%s': the header was sent %d times. Expected it once."
              .formatted(header, sent.size()));
    }
    return sent.stream().findFirst().map(String::strip);
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "is not the name of a header; allowed are letters, digits and ! # $ % & ' * + . ^ _ ` | ~"
              + " -");
    }
    return text;
  }
}
