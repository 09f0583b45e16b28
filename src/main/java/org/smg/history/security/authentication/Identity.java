package org.smg.history.security.authentication;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whom a credential stands for.
 *
 * @param tenant whose data it is about
 * @param user null for callers without credentials
 * @param roles at least one
 */
public record Identity(String tenant, String user, Set<Role> roles) {

  /** Everybody who needs no credential. Without users there is one tenant, and nothing is own. */
  public static final Identity ANONYMOUS = new Identity("default", null, Set.of(Role.USER));

  /** What tenants may be called, and users whom others than the server name. */
  public static final String NAMES = "1 to 255 ASCII letters, digits and . _ @ + -";

  private static final Pattern NAME = Pattern.compile("[\\w.@+-]{1,255}");

  public Identity {
    roles = Set.copyOf(roles);
  }

  /** Whether the text is one of {@link #NAMES}. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
