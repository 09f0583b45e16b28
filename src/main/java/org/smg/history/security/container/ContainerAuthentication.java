package org.smg.history.security.container;

import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Authentication;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;
import org.smg.history.security.authentication.Sender;

/** Serves users whom the server's own login accepts. */
public final class ContainerAuthentication implements Authentication {

  private static final String AUTHORIZATION = "Authorization";
  private static final String BEARER = "Bearer ";

  private final ContainerTenant tenant;
  private final boolean bearerTokensAreOthers;

  private ContainerAuthentication(ContainerTenant tenant, boolean bearerTokensAreOthers) {
    this.tenant = tenant;
    this.bearerTokensAreOthers = bearerTokensAreOthers;
  }

  /**
   * @param bearerTokensAreOthers whether another way knows bearer tokens, so that the server's
   *     login does not see them
   */
  public static Authentication read(Options options, boolean bearerTokensAreOthers) {
    return new ContainerAuthentication(ContainerTenant.read(options), bearerTokensAreOthers);
  }

  @Override
  public Optional<Identity> identify(Sender sender) {
    List<String> sent = sender.headers(AUTHORIZATION);
    if (bearerTokensAreOthers && sent.stream().anyMatch(ContainerAuthentication::isBearer)) {
      return Optional.empty();
    }
    if (sent.size() > 1) {
      throw new HistoryFailure.Invalid(
          AUTHORIZATION,
          "invalid_value",
          "Invalid 'Authorization': the header was sent %d times. Expected it once."
              .formatted(sent.size()));
    }
    Principal user =
        sender
            .login()
            .orElseThrow(
                () ->
                    new HistoryFailure.Unauthenticated(
                        !sent.isEmpty(),
                        "The server accepts no login from this request. Expected a user and a"
                            + " password, or another credential that the server's administrator has"
                            + " set up."));
    return Optional.of(identity(user.getName(), sender));
  }

  private Identity identity(String user, Sender sender) {
    if (user == null || !Identity.isUser(user)) {
      throw forbidden(
          "The user's name cannot be used. Expected 1 to 255 visible characters and no quotation mark.");
    }
    Set<Role> roles =
        Arrays.stream(Role.values())
            .filter(role -> sender.isInRole(role.word()))
            .collect(Collectors.toUnmodifiableSet());
    String of =
        tenant
            .of(user)
            .orElseThrow(
                () -> forbidden("The user belongs to no tenant, by the name of the user."));
    return new Identity(of, user, roles);
  }

  private static boolean isBearer(String header) {
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  private static HistoryFailure forbidden(String message) {
    return new HistoryFailure.Forbidden("insufficient_permissions", message);
  }

  @Override
  public boolean isBroughtByBrowsers() {
    return true;
  }

  @Override
  public String expected() {
    return "a login to the server";
  }

  @Override
  public String describe() {
    return "Requests need a login to the server (history-auth=container)";
  }
}
