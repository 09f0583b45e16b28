package org.smg.history.security.container;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.security.authentication.Identity;

/**
 * The tenant of the users of the server, which knows no tenants.
 *
 * @param fixed the tenant of all users; empty if their names tell it
 * @param pattern of users' names, whose only group is the tenant
 */
record ContainerTenant(String fixed, Pattern pattern) {

  static final Option<String> FIXED =
      Option.text("history-container-tenant", "").withCheck(ContainerTenant::checkFixed);

  /** No pattern, which would have a group. */
  private static final Pattern NONE = Pattern.compile("");

  static final Option<Pattern> PATTERN =
      Option.of("history-container-tenant-pattern", NONE, ContainerTenant::pattern);

  /** Reads the options; what does not fit together is added to their faults. */
  static ContainerTenant read(Options options) {
    ContainerTenant read = new ContainerTenant(options.get(FIXED), options.get(PATTERN));
    if (read.fixed.isEmpty() == (read.pattern == NONE)) {
      options.refuse(
          FIXED,
          "history-auth=container needs either this option or "
              + PATTERN.property()
              + ", not both");
    }
    return read;
  }

  /** Empty if the user belongs to none. */
  Optional<String> of(String user) {
    if (!fixed.isEmpty()) {
      return Optional.of(fixed);
    }
    Matcher matcher = pattern.matcher(user);
    return matcher.matches()
        ? Optional.ofNullable(matcher.group(1)).filter(Identity::isTenant)
        : Optional.empty();
  }

  private static void checkFixed(String tenant) {
    if (!tenant.isEmpty() && !Identity.isTenant(tenant)) {
      throw new IllegalArgumentException("is no tenant; allowed are " + Identity.TENANT_NAMES);
    }
  }

  private static Pattern pattern(String text) {
    try {
      Pattern pattern = Pattern.compile(text);
      if (pattern.matcher("").groupCount() == 1) {
        return pattern;
      }
    } catch (PatternSyntaxException malformed) {
      // Said below, like a pattern with more or fewer groups.
    }
    throw new IllegalArgumentException(
        "is no regular expression with one group, such as .*@(.+) for alice@acme");
  }
}
