package org.smg.history.security.authentication;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whom a credential stands for.
 *
 * @param tenant whose data it is about
 * @param user null for callers without credentials
 * @param roles none where the credential names none of ours; such a caller may do nothing
 * @param limit the credential's own, or null
 */
public record Identity(String tenant, String user, Set<Role> roles, KeyLimit limit) {

  /**
   * Everybody who needs no credential. Without users there is one tenant, and nothing is own; and
   * nobody else could see the figures.
   */
  public static final Identity ANONYMOUS =
      new Identity("default", null, Set.of(Role.USER, Role.OPERATOR));

  /** What tenants may be called, for messages. */
  public static final String TENANT_NAMES = "1 to 255 ASCII letters, digits and . _ @ + -";

  private static final Pattern TENANT = Pattern.compile("[\\w.@+-]{1,255}");

  /**
   * Without quotation marks, between which logs show it, and what could make text look different.
   */
  private static final String VISIBLE = "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}&&[^\"]]";

  private static final Pattern USER =
      Pattern.compile("%1$s(?:(?:%1$s| ){0,253}%1$s)?".formatted(VISIBLE));

  public Identity {
    roles = Set.copyOf(roles);
  }

  /** Whether a tenant can be called so, by {@link #TENANT_NAMES}. */
  public static boolean isTenant(String name) {
    return TENANT.matcher(name).matches();
  }

  /**
   * Whether an identity provider may call a user so: 1 to 255 visible characters of any script,
   * with spaces between them, and without quotation marks.
   */
  public static boolean isUser(String name) {
    return USER.matcher(name).matches();
  }

  /** Without a limit of its own. */
  public Identity(String tenant, String user, Set<Role> roles) {
    this(tenant, user, roles, null);
  }
}
