package org.smg.history.security.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Principal;
import java.util.Collection;
import java.util.HashMap;
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
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;
import org.smg.history.security.authentication.Sender;
import org.smg.history.security.authentication.SentRequest;

class ProxyAuthenticationTest {

  private static final String PROXY = "10.1.2.3";
  private static final Map<String, String> TRUSTED =
      Map.of("history-trusted-proxies", "192.168.0.1, 10.0.0.0/8");
  private static final Map<String, List<String>> ALICE =
      Map.of("x-smg-tenant-id", List.of("acme"), "x-smg-user-id", List.of("alice"));

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "192.168.0.1", "::ffff:10.0.0.1"})
  void aTrustedProxyNamesTenantAndUser(String address) {
    assertThat(authentication(TRUSTED, false).identify(new SentRequest(address, ALICE)))
        .contains(new Identity("acme", "alice", Set.of(Role.USER)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.0.0.1", "192.168.0.2", "::1", "", "unknown"})
  void othersNameNobody(String address) {
    ProxyAuthentication proxies = authentication(TRUSTED, false);

    assertThat(proxies.identify(new SentRequest(address, ALICE))).isEmpty();
    assertThat(
            proxies.identify(
                new SentRequest(address, Map.of("x-smg-user-id", List.of("alice", "bob")))))
        .isEmpty();
    assertThat(proxies.identify(new SentRequest(address, Map.of()))).isEmpty();
    assertThat(proxies.ignored()).isEqualTo(2);
  }

  /** It may have a credential of its own. */
  @Test
  void aTrustedProxyMayNameNobody() {
    ProxyAuthentication proxies = authentication(TRUSTED, false);

    assertThat(proxies.identify(new SentRequest(PROXY, Map.of()))).isEmpty();
    assertThat(proxies.ignored()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "11.0.0.1"})
  void whereProxiesAreTheOnlyWayOthersAreToldSo(String address) {
    Map<String, List<String>> headers = address.equals(PROXY) ? Map.of() : ALICE;

    assertThatThrownBy(
            () -> authentication(TRUSTED, true).identify(new SentRequest(address, headers)))
        .isInstanceOf(HistoryFailure.Forbidden.class)
        .hasMessage(
            "Only requests are served that a trusted proxy sends, with the headers:"
                + " x-smg-tenant-id, x-smg-user-id.");
  }

  /** One of them may be what the proxy's client sent. */
  @ParameterizedTest
  @ValueSource(strings = {"x-smg-tenant-id", "x-smg-user-id"})
  void aHeaderThatWasSentTwiceIsRefused(String header) {
    Map<String, List<String>> headers = new HashMap<>(ALICE);
    headers.put(header, List.of("acme", "acme"));

    assertInvalid(headers, header, "Invalid '%s': the header was sent 2 times. Expected it once.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-smg-tenant-id", "x-smg-user-id"})
  void tenantAndUserAreNeeded(String header) {
    Map<String, List<String>> headers = new HashMap<>(ALICE);
    headers.remove(header);

    assertInvalid(
        headers, header, "Missing required header: '%s'. A proxy has to name tenant and user.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "acme,globex", "a/b", "a:b", "é", "\u0000", "{a}", "*", "%61", "a\tb"})
  void malformedTenantsAreRefused(String name) {
    assertInvalid(
        with("x-smg-tenant-id", name),
        "x-smg-tenant-id",
        "Invalid '%s': expected 1 to 255 ASCII letters, digits and . _ @ + -.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "é", "\u00C3\u00A9", "\u0000", "a\tb", "a\"b", "a\u00A0b", "\u2028"})
  void malformedUsersAreRefused(String name) {
    assertInvalid(
        with("x-smg-user-id", name),
        "x-smg-user-id",
        "Invalid '%s': expected 1 to 255 visible ASCII characters, with spaces between them, and no"
            + " quotation mark.");
  }

  @Test
  void usersMayBeCalledAsIdentityProvidersCallThem() {
    assertThat(
            authentication(TRUSTED, false)
                .identify(new SentRequest(PROXY, with("x-smg-user-id", "auth0|a b, c"))))
        .contains(new Identity("acme", "auth0|a b, c", Set.of(Role.USER)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-smg-tenant-id", "x-smg-user-id"})
  void namesAreLimited(String header) {
    ProxyAuthentication proxies = authentication(TRUSTED, false);

    assertThat(proxies.identify(new SentRequest(PROXY, with(header, "x".repeat(255))))).isPresent();
    assertThatThrownBy(
            () -> proxies.identify(new SentRequest(PROXY, with(header, "x".repeat(256)))))
        .isInstanceOf(HistoryFailure.Invalid.class);
  }

  private static Map<String, List<String>> with(String header, String value) {
    Map<String, List<String>> headers = new HashMap<>(ALICE);
    headers.put(header, List.of(value));
    return headers;
  }

  private static void assertInvalid(
      Map<String, List<String>> headers, String header, String message) {
    assertThatThrownBy(
            () -> authentication(TRUSTED, false).identify(new SentRequest(PROXY, headers)))
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class, failure -> assertThat(failure.param()).isEqualTo(header))
        .hasMessage(message.formatted(header));
  }

  @Test
  void theHeadersCanHaveOtherNames() {
    ProxyAuthentication proxies =
        authentication(
            Map.of(
                "history-trusted-proxies",
                PROXY,
                "history-proxy-tenant-header",
                "X-Tenant",
                "history-proxy-user-header",
                "X-User",
                "history-proxy-roles-header",
                "X-Roles"),
            false);

    assertThat(
            proxies.identify(
                new SentRequest(
                    PROXY,
                    Map.of(
                        "X-Tenant",
                        List.of("acme"),
                        "X-User",
                        List.of("rita"),
                        "X-Roles",
                        List.of("sales, history-reviewer,history-admin")))))
        .contains(new Identity("acme", "rita", Set.of(Role.REVIEWER, Role.ADMIN)));
    assertThat(proxies.identify(new SentRequest(PROXY, ALICE))).isEmpty();
  }

  /** Such a caller is refused by whoever asked. */
  @ParameterizedTest
  @ValueSource(strings = {"-", "", "sales", "HISTORY-USER", "history-user-x"})
  void otherRolesDoNotCount(String roles) {
    Map<String, String> options = new HashMap<>(TRUSTED);
    options.put("history-proxy-roles-header", "X-Roles");
    Map<String, List<String>> headers = new HashMap<>(ALICE);
    if (!roles.equals("-")) {
      headers.put("X-Roles", List.of(roles));
    }

    assertThat(authentication(options, false).identify(new SentRequest(PROXY, headers)))
        .contains(new Identity("acme", "alice", Set.of()));
  }

  @Test
  void withoutAnOptionTheHeaderOfRolesIsNotRead() {
    Map<String, List<String>> headers = new HashMap<>(ALICE);
    headers.put("x-smg-roles", List.of("history-admin"));

    assertThat(authentication(TRUSTED, false).identify(new SentRequest(PROXY, headers)))
        .contains(new Identity("acme", "alice", Set.of(Role.USER)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CN=smg,O=Acme | true",
        "cn=SMG, o=acme | true",
        "CN=other,O=Acme,C=DE | true",
        "CN=smg,O=Globex | false",
        "O=Acme,CN=smg | false",
        "CN=smg | false",
        "CN=\"smg,O=Acme\" | false",
      })
  void aProxyIsTrustedByItsCertificate(String subject, boolean trusted) {
    ProxyAuthentication proxies =
        authentication(
            Map.of("history-trusted-proxy-certificates", "CN=smg,O=Acme; CN=other, O=Acme, C=DE"),
            false);

    assertThat(proxies.identify(new Certified(new X500Principal(subject))).isPresent())
        .isEqualTo(trusted);
    assertThat(proxies.identify(new SentRequest(PROXY, ALICE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-backend | memory | history-trusted-proxies: history-auth=proxy needs this option or"
            + " history-trusted-proxy-certificates",
        "history-trusted-proxies | 10.0.0.1, proxy.example | history-trusted-proxies: '10.0.0.1,"
            + " proxy.example' has no address or range; allowed are addresses such as 10.1.2.3 and"
            + " fd00::1, and ranges such as 10.1.0.0/16, which have nothing but zeros beyond their"
            + " length",
        "history-trusted-proxy-certificates | smg | history-trusted-proxy-certificates: 'smg' has no"
            + " subject of a certificate; allowed are names such as CN=smg,O=Acme, separated by ;",
        "history-trusted-proxy-certificates | CN=smg; | history-trusted-proxy-certificates:"
            + " 'CN=smg;' has no subject of a certificate; allowed are names such as CN=smg,O=Acme,"
            + " separated by ;",
        "history-proxy-user-header | a b | history-proxy-user-header: 'a b' is not the name of a"
            + " header; allowed are letters, digits and",
      })
  void whatCannotBeUsedStopsTheStart(String option, String value, String fault) {
    assertThatThrownBy(() -> authentication(Map.of(option, value), false))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining(fault);
  }

  private static ProxyAuthentication authentication(Map<String, String> set, boolean alone) {
    Options options = new Options(name -> Optional.ofNullable(set.get(name)));
    ProxyAuthentication authentication = ProxyAuthentication.read(options, alone);
    options.check();
    return authentication;
  }

  /** A proxy that has shown a certificate, from an address that is not trusted. */
  private record Certified(X500Principal subject) implements Sender {

    @Override
    public String address() {
      return "11.0.0.1";
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Collection<String> headerNames() {
      return ALICE.keySet();
    }

    @Override
    public List<String> headers(String name) {
      return ALICE.getOrDefault(name, List.of());
    }

    @Override
    public Optional<X500Principal> certificate() {
      return Optional.of(subject);
    }

    @Override
    public Optional<Principal> login() {
      return Optional.empty();
    }

    @Override
    public boolean isInRole(String role) {
      return false;
    }
  }
}
