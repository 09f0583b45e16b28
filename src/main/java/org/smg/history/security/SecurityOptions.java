package org.smg.history.security;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.security.apikey.ApiKeys;

/**
 * @param methods how callers say who they are
 * @param allowAnonymous whether anonymous callers may come from elsewhere
 * @param access what users may see
 * @param apiKeysFile where the keys are, if they are used
 */
record SecurityOptions(
    Set<AuthMethod> methods, boolean allowAnonymous, Access access, Path apiKeysFile) {

  static final Option<Set<AuthMethod>> AUTH =
      Option.of("history-auth", Set.of(AuthMethod.NONE), AuthMethod::list);

  static final Option<Boolean> ALLOW_ANONYMOUS = Option.flag("history-allow-anonymous", false);

  static final Option<Access> ACCESS = Option.choice("history-access", Access.TENANT);

  /** Reads the options; what does not fit together is added to their faults. */
  static SecurityOptions read(Options options) {
    SecurityOptions read =
        new SecurityOptions(
            options.get(AUTH),
            options.get(ALLOW_ANONYMOUS),
            options.get(ACCESS),
            Path.of(options.get(ApiKeys.FILE)));
    boolean anonymous = read.methods.contains(AuthMethod.NONE);
    if (!anonymous && read.allowAnonymous) {
      options.refuse(ALLOW_ANONYMOUS, "true needs history-auth=none");
    }
    if (anonymous && read.access == Access.OWN) {
      options.refuse(ACCESS, "own needs a history-auth that tells users apart, not none");
    }
    return read;
  }

  /** Whether requests of other machines are refused. */
  boolean servesThisMachineOnly() {
    return methods.contains(AuthMethod.NONE) && !allowAnonymous;
  }

  /** What was chosen, as options. */
  String describe() {
    return "history-auth=%s, history-access=%s"
        .formatted(
            methods.stream().map(AuthMethod::word).collect(Collectors.joining(",")),
            access.name().toLowerCase(Locale.ROOT));
  }
}
