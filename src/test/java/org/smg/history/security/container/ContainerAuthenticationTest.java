package org.smg.history.security.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Authentication;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;
import org.smg.history.security.authentication.Sender;

class ContainerAuthenticationTest {

  private static final Authentication ACME =
      authentication(Map.of("history-container-tenant", "acme"), false);

  @Test
  void aUserOfTheServerHasTheRolesThatItsAdministratorGave() {
    Sender rita =
        new LoggedIn("rita", Set.of("history-user", "history-reviewer", "other"), List.of());

    assertThat(ACME.identify(rita))
        .contains(new Identity("acme", "rita", Set.of(Role.USER, Role.REVIEWER)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "alice@acme .*@(.+) acme",
        "alice@home@acme .*@(.+) acme",
        "ACME\\alice (.+)\\\\.* ACME",
        "CN=alice,O=Acme,C=DE .*,O=([^,]+),.* Acme",
      })
  void theNameOfAUserCanTellTheTenant(String user, String pattern, String tenant) {
    Authentication byName =
        authentication(Map.of("history-container-tenant-pattern", pattern), false);

    assertThat(byName.identify(user(user))).contains(new Identity(tenant, user, Set.of(Role.USER)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "alice@", "@", "alice@two words", "alice@acme/other"})
  void aUserWithoutATenantIsRefused(String user) {
    Authentication byName =
        authentication(Map.of("history-container-tenant-pattern", ".*@(.*)"), false);

    assertThatThrownBy(() -> byName.identify(user(user)))
        .isInstanceOf(HistoryFailure.Forbidden.class)
        .hasMessage("The user belongs to no tenant, by the name of the user.");
  }

  /** Such a group is null where the other side of the pattern matches. */
  @Test
  void aPatternThatMatchesWithoutItsGroupGivesNoTenant() {
    Authentication byName =
        authentication(Map.of("history-container-tenant-pattern", "alice@(.+)|bob"), false);

    assertThatThrownBy(() -> byName.identify(user("bob")))
        .isInstanceOf(HistoryFailure.Forbidden.class);
  }

  /** Such a caller is refused by whoever asked. */
  @Test
  void otherRolesOfTheServerDoNotCount() {
    assertThat(ACME.identify(new LoggedIn("eve", Set.of("admin", "HISTORY-USER"), List.of())))
        .contains(new Identity("acme", "eve", Set.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "eve\nReview by user root",
        "eve\" of tenant globex",
        "eve\u2028x",
        "eve\u202Ex",
        "\uD800"
      })
  void aNameThatCouldForgeTheLogIsRefused(String name) {
    assertThatThrownBy(() -> ACME.identify(user(name)))
        .isInstanceOf(HistoryFailure.Forbidden.class)
        .hasMessageStartingWith("The user's name cannot be used.");
  }

  @Test
  void aLoginThatTheServerDoesNotAcceptIsRefused() {
    assertThatThrownBy(() -> ACME.identify(new LoggedIn(null, Set.of(), List.of("Basic eA=="))))
        .isInstanceOfSatisfying(
            HistoryFailure.Unauthenticated.class,
            failure -> assertThat(failure.credentialSent()).isTrue());
    assertThatThrownBy(() -> ACME.identify(new LoggedIn(null, Set.of(), List.of())))
        .isInstanceOfSatisfying(
            HistoryFailure.Unauthenticated.class,
            failure -> assertThat(failure.credentialSent()).isFalse());
  }

  /** Servers read one of them, and not all of them the same. */
  @Test
  void twoCredentialsAreRefused() {
    assertThatThrownBy(
            () ->
                ACME.identify(
                    new LoggedIn(
                        "alice", Set.of("history-user"), List.of("Basic eA==", "Basic eQ=="))))
        .isInstanceOf(HistoryFailure.Invalid.class)
        .hasMessage("Invalid 'Authorization': the header was sent 2 times. Expected it once.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer hk_x", "bearer hk_x", "Bearer "})
  void bearerTokensAreLeftToThoseWhoKnowThem(String header) {
    Sender sender = new LoggedIn("alice", Set.of("history-user"), List.of("Basic eA==", header));

    assertThat(authentication(Map.of("history-container-tenant", "acme"), true).identify(sender))
        .isEmpty();
  }

  /** Open Liberty takes tokens of OpenID Connect, if its administrator wants it. */
  @Test
  void bearerTokensAreTheServersWhereNobodyElseKnowsThem() {
    Sender sender = new LoggedIn("alice", Set.of("history-user"), List.of("Bearer x"));

    assertThat(ACME.identify(sender)).contains(new Identity("acme", "alice", Set.of(Role.USER)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-container-tenant | two words | history-container-tenant: 'two words' is no tenant;"
            + " allowed are 1 to 255 ASCII letters, digits and . _ @ + -",
        "history-container-tenant-pattern | .*@.+ | history-container-tenant-pattern: '.*@.+' is no"
            + " regular expression with one group, such as .*@(.+) for alice@acme",
        "history-container-tenant-pattern | (.+)@(.+) | history-container-tenant-pattern:"
            + " '(.+)@(.+)' is no regular expression with one group, such as .*@(.+) for alice@acme",
        "history-container-tenant-pattern | (.+ | history-container-tenant-pattern: '(.+' is no"
            + " regular expression with one group, such as .*@(.+) for alice@acme",
        "history-backend | memory | history-container-tenant: history-auth=container needs either"
            + " this option or history-container-tenant-pattern, not both",
      })
  void aTenantThatCannotBeUsedStopsTheStart(String option, String value, String fault) {
    assertThatThrownBy(() -> authentication(Map.of(option, value), false))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining(fault);
  }

  @Test
  void twoWaysToTellTheTenantStopTheStart() {
    assertThatThrownBy(
            () ->
                authentication(
                    Map.of(
                        "history-container-tenant",
                        "acme",
                        "history-container-tenant-pattern",
                        "(.+)"),
                    false))
        .isInstanceOf(InvalidOptions.class);
  }

  private static Authentication authentication(Map<String, String> set, boolean others) {
    Options options = new Options(name -> Optional.ofNullable(set.get(name)));
    Authentication authentication = ContainerAuthentication.read(options, others);
    options.check();
    return authentication;
  }

  private static Sender user(String name) {
    return new LoggedIn(name, Set.of("history-user"), List.of());
  }

  /**
   * A request of a user of the server.
   *
   * @param name null for nobody
   */
  private record LoggedIn(String name, Set<String> roles, List<String> authorization)
      implements Sender {

    @Override
    public String address() {
      return "10.0.0.1";
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Collection<String> headerNames() {
      return List.of("Authorization");
    }

    @Override
    public List<String> headers(String header) {
      return header.equals("Authorization") ? authorization : List.of();
    }

    @Override
    public Optional<X500Principal> certificate() {
      return Optional.empty();
    }

    @Override
    public Optional<Principal> login() {
      return name == null ? Optional.empty() : Optional.of(() -> name);
    }

    @Override
    public boolean isInRole(String role) {
      return roles.contains(role);
    }
  }
}
