package org.smg.history.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Authentication;
import org.smg.history.security.authentication.CrossSite;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Sender;
import org.smg.history.security.authentication.SentRequest;

class AccessControlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| Only requests from this machine are served, without authentication (history-auth=none)",
        "history-auth=none | Only requests from this machine are served, without authentication"
            + " (history-auth=none)",
        "history-allow-anonymous=true | Whoever reaches the port is served without authentication"
            + " (history-allow-anonymous=true)",
      })
  void theStartSaysWhoIsServed(String options, String said) {
    assertThat(selected(options == null ? "" : options).describe()).isEqualTo(said);
  }

  @Test
  void keysAreReadAtTheStart(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    Files.createFile(file);

    assertThat(
            selected("history-auth=api-key history-access=own history-api-keys-file=" + file)
                .describe())
        .isEqualTo("Requests need an API key (history-auth=api-key, history-access=own)");
  }

  @Test
  void severalKindsOfTokensMayCount(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    Files.createFile(file);
    AccessControl both =
        selected(
            "history-auth=jwt,api-key history-jwt-issuer=https://login.example"
                + " history-jwt-audience=history history-jwt-jwks-url=http://127.0.0.1:1/keys"
                + " history-api-keys-file="
                + file);

    assertThat(both.describe())
        .isEqualTo(
            "Requests need an API key or a JSON Web Token (history-auth=api-key,jwt,"
                + " history-access=tenant)");
    assertThatThrownBy(() -> both.admit(new SentRequest("10.0.0.1", Map.of())))
        .isInstanceOf(HistoryFailure.Unauthenticated.class)
        .hasMessage(
            "No credential was sent. Expected the header 'Authorization: Bearer …' with an API key"
                + " or a JSON Web Token.");
    assertThatThrownBy(
            () ->
                both.admit(
                    new SentRequest("10.0.0.1", Map.of("Authorization", List.of("Bearer a.b.c")))))
        .isInstanceOf(HistoryFailure.Unauthenticated.class)
        .hasMessage(
            "Incorrect credential. Expected one header 'Authorization: Bearer …' with an API key or"
                + " a JSON Web Token that is neither expired nor revoked.");
  }

  @Test
  void aCallerWithoutARoleMayDoNothing() {
    AccessControl control =
        new AccessControl(
            List.of(new Known(new Identity("acme", "alice", Set.of()))),
            Access.OWN,
            true,
            new CrossSite(Set.of()),
            new EventLog(LogFormat.TEXT));

    assertThatThrownBy(() -> control.admit(new SentRequest("10.0.0.1", Map.of())))
        .isInstanceOf(HistoryFailure.Forbidden.class)
        .hasMessage(
            "Your credential has none of the roles of this service. Expected one of: history-user,"
                + " history-reviewer, history-admin, history-operator.");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,,true",
    "10.0.0.1,,false",
    "10.0.0.1,history-allow-anonymous=true,true",
    "10.0.0.1,history-auth=container history-container-tenant=acme,true",
    "10.0.0.1,history-auth=proxy history-trusted-proxies=10.0.0.2,true",
  })
  void filesNeedNoCredentialButALocalSenderWhereNothingElseIsServed(
      String address, String options, boolean served) {
    AccessControl control = selected(options == null ? "" : options);
    SentRequest request = new SentRequest(address, Map.of("Host", List.of("localhost:9080")));

    if (served) {
      assertThatCode(() -> control.admitToFiles(request)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> control.admitToFiles(request))
          .isInstanceOf(HistoryFailure.Forbidden.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-auth=none | https://evil.example | false",
        "history-allow-anonymous=true | https://evil.example | false",
        "history-allow-anonymous=true history-cors-origins=https://chat.example |"
            + " https://chat.example | true",
        "history-auth=proxy history-trusted-proxies=127.0.0.1 | https://evil.example | true",
      })
  void pagesOfOtherSitesAreRefusedWhereABrowserNeedsNoHelpOfThem(
      String options, String origin, boolean served) {
    AccessControl control = selected(options);
    SentRequest request =
        new SentRequest(
            "POST",
            "127.0.0.1",
            Map.of(
                "Host", List.of("localhost:9080"),
                "Origin", List.of(origin),
                "x-smg-tenant-id", List.of("acme"),
                "x-smg-user-id", List.of("alice")));

    if (served) {
      assertThatCode(() -> control.admit(request)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> control.admit(request))
          .isInstanceOfSatisfying(
              HistoryFailure.Forbidden.class,
              refused -> assertThat(refused.code()).isEqualTo("cross_site_request"));
    }
  }

  /** Knows everybody. */
  private record Known(Identity identity) implements Authentication {

    @Override
    public Optional<Identity> identify(Sender sender) {
      return Optional.of(identity);
    }

    @Override
    public boolean isBroughtByBrowsers() {
      return false;
    }

    @Override
    public String expected() {
      return "nothing";
    }

    @Override
    public String describe() {
      return "";
    }
  }

  @Test
  void aProxySpeaksFirstThenABearerTokenThenTheServersLogin(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("keys");
    Files.createFile(file);

    assertThat(
            selected(
                    "history-auth=api-key,container,proxy history-trusted-proxies=10.0.0.1"
                        + " history-container-tenant=acme history-api-keys-file="
                        + file)
                .describe())
        .isEqualTo(
            "Trusted proxies name tenant and user by the headers x-smg-tenant-id, x-smg-user-id"
                + " (history-auth=proxy); Requests need a login to the server"
                + " (history-auth=container); Requests need an API key"
                + " (history-auth=api-key,container,proxy, history-access=tenant)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-auth=password |"
            + " history-auth: 'password' is unknown; allowed are none, or a list of: api-key, jwt,"
            + " container, proxy",
        "history-auth=none,api-key | history-auth: 'none,api-key' combines none with another"
            + " method; none stands alone",
        "history-auth=api-key | history-api-keys-file: is required with history-auth=api-key",
        "history-auth=api-key history-api-keys-file=/none | history-api-keys-file: '/none' cannot"
            + " be read (NoSuchFileException); make the file with: history-keys create",
        "history-access=own |"
            + " history-access: own needs a history-auth that tells users apart, not none",
        "history-auth=container | history-container-tenant: history-auth=container needs either this"
            + " option or history-container-tenant-pattern, not both",
        "history-auth=proxy | history-trusted-proxies: history-auth=proxy needs this option or"
            + " history-trusted-proxy-certificates",
        "history-trusted-proxies=10.0.0.1 | history-trusted-proxies: needs history-auth=proxy",
        "history-trusted-proxy-certificates=CN=smg | history-trusted-proxy-certificates: needs"
            + " history-auth=proxy",
        "history-access=all | history-access: 'all' is unknown; allowed are tenant, own",
      })
  void whatDoesNotFitTogetherStopsTheStart(String options, String fault) {
    assertThatThrownBy(() -> selected(options))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage(fault);
  }

  @Test
  void keysForSomeAndNothingForOthersIsNoProtection(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    Files.createFile(file);

    assertThatThrownBy(
            () ->
                selected(
                    "history-auth=api-key history-allow-anonymous=true history-api-keys-file="
                        + file))
        .hasMessage("history-allow-anonymous: true needs history-auth=none");
  }

  private static AccessControl selected(String set) {
    Map<String, String> values =
        Arrays.stream(set.split(" "))
            .filter(option -> !option.isEmpty())
            .map(option -> option.split("=", 2))
            .collect(Collectors.toMap(option -> option[0], option -> option[1]));
    Options options = new Options(name -> Optional.ofNullable(values.get(name)));
    AccessControl selected = new AccessControl.Selection().selected(options);
    options.check();
    return selected;
  }
}
