package org.smg.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.Credentials;
import org.smg.history.storage.jpa.dialect.ErrorKind;
import org.smg.history.storage.jpa.dialect.OracleDialect;
import org.smg.history.storage.jpa.dialect.SqlErrors;
import org.smg.oracle.ListenerStub.Answer;
import org.smg.postgres.Certificates;

/** What Oracle's driver asks a listener for, and how it fails. */
class ListenerTest {

  private static final String PASSWORD = "never-to-be-told";
  private static final int TIMEOUT = 2;

  /** Further time that a busy machine may take. */
  private static final Duration SLACK = Duration.ofSeconds(8);

  @TempDir Path folder;

  private final LoginDataSource source = new LoginDataSource();

  ListenerTest() {
    source.setTimeoutSecs(Integer.toString(TIMEOUT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:%d/orders.example",
        "//localhost:%d/orders.example",
        "tcp://localhost:%d/orders.example",
        "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=localhost)(PORT=%d))"
            + "(CONNECT_DATA=(SERVICE_NAME=orders.example)))",
        "(description=(retry_count=20)(retry_delay=3)"
            + "(address=(protocol=tcp)(host=localhost)(port=%d))"
            + "(connect_data=(service_name=orders.example)(server=dedicated)))"
      })
  void aDsnLeadsToItsHostAndService(String dsn) throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.HANG_UP)) {
      source.setDsn(dsn.formatted(listener.port()));
      login();

      assertThat(refused()).contains("user=HISTORY_APP", "authentication=O5LOGON");
      assertThat(listener.asked())
          .isNotEmpty()
          .allMatch(asked -> asked.toUpperCase().contains("(SERVICE_NAME=ORDERS.EXAMPLE)"))
          .allMatch(asked -> asked.toUpperCase().contains("(PORT=%d)".formatted(listener.port())));
    }
  }

  @Test
  void anAliasLeadsToTheHostAndServiceThatTnsnamesSays() throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.HANG_UP)) {
      Files.writeString(
          folder.resolve("tnsnames.ora"),
          "other = (DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=localhost)(PORT=1))"
              + "(CONNECT_DATA=(SERVICE_NAME=other)))\nhistory_tp = "
              + descriptor("TCP", listener.port()));
      source.setWalletPath(folder.toString());
      source.setTnsAlias("history_tp");
      login();

      assertThat(refused()).contains("user=HISTORY_APP");
      assertThat(listener.asked())
          .isNotEmpty()
          .allMatch(asked -> asked.contains("(SERVICE_NAME=orders.example)"));
    }
  }

  @Test
  void aPoolWithoutAUserMeansTheDataSourcesOwn() throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.HANG_UP)) {
      source.setDsn("localhost:%d/orders.example".formatted(listener.port()));
      login();

      assertThatThrownBy(() -> source.getConnection("", ""))
          .hasMessageContaining("user=HISTORY_APP");
      assertThatThrownBy(() -> source.getConnection("other", PASSWORD))
          .hasMessageContaining("user=OTHER");
    }
  }

  @Test
  void externalAuthenticationPresentsTheWalletsCredential() throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.HANG_UP)) {
      Wallet wallet =
          new Wallet(folder.resolve("wallet"))
              .credential("history_tp", "wallet_user", PASSWORD)
              .alias("history_tp", descriptor("TCP", listener.port()));
      source.setWalletPath(wallet.path());
      source.setTnsAlias("history_tp");
      source.setExternalAuth("true");

      assertThat(refused()).contains("user=WALLET_USER");
    }
  }

  @Test
  void aUserIsPresentedEvenIfTheWalletHasACredential() throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.HANG_UP)) {
      Wallet wallet =
          new Wallet(folder.resolve("wallet"))
              .credential("history_tp", "wallet_user", PASSWORD)
              .alias("history_tp", descriptor("TCP", listener.port()));
      source.setWalletPath(wallet.path());
      source.setTnsAlias("history_tp");
      login();

      assertThat(refused()).contains("user=HISTORY_APP");
    }
  }

  @Test
  void tlsTrustsTheWalletsCertificatesAndNoOthers() throws Exception {
    Certificates certificates = new Certificates(folder);
    Path trusted = certificates.authority("trusted");
    Path other = certificates.authority("other");
    certificates.server("listener", "trusted", "localhost");
    try (ListenerStub listener = new ListenerStub(Answer.HANG_UP, certificates.tls("listener"))) {
      String descriptor = descriptor("TCPS", listener.port());
      // The first handshake takes seconds on a busy machine.
      source.setTimeoutSecs("20");
      source.setTnsAlias("history_tp");
      login();

      source.setWalletPath(
          new Wallet(folder.resolve("wrong"))
              .trusting(other)
              .alias("history_tp", descriptor)
              .path());
      assertThat(refused()).contains("ORA-17002", "certif");
      assertThat(listener.asked()).isEmpty();

      source.setWalletPath(
          new Wallet(folder.resolve("right"))
              .trusting(trusted)
              .alias("history_tp", descriptor)
              .path());
      refused();
      assertThat(listener.asked())
          .isNotEmpty()
          .allMatch(asked -> asked.contains("(PROTOCOL=TCPS)"))
          .allMatch(asked -> asked.contains("(SERVICE_NAME=orders.example)"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"SILENCE", "HANG"})
  void theTimeoutBoundsConnectingAndLoggingIn(Answer answer) throws IOException {
    try (ListenerStub listener = new ListenerStub(answer)) {
      source.setDsn(
          "(DESCRIPTION=(RETRY_COUNT=20)(RETRY_DELAY=3)(ADDRESS=(PROTOCOL=TCP)(HOST=localhost)"
              + "(PORT=%d))(CONNECT_DATA=(SERVICE_NAME=orders.example)))"
                  .formatted(listener.port()));
      login();

      Instant begin = Instant.now();
      assertThat(refused()).startsWith("ORA-");
      assertThat(Duration.between(begin, Instant.now()))
          .isBetween(Duration.ofSeconds(TIMEOUT), Duration.ofSeconds(TIMEOUT).plus(SLACK));
    }
  }

  @Test
  void refusalsAreOracles() throws IOException {
    login();
    try (ListenerStub listener = new ListenerStub(Answer.REFUSE)) {
      source.setDsn("localhost:%d/orders.example".formatted(listener.port()));
      assertThat(refused()).startsWith("ORA-12514: ").contains("orders.example");
    }
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    source.setDsn("localhost:%d/orders.example".formatted(closed));
    assertThat(refused()).startsWith("ORA-12541: ");

    source.setDsn("");
    source.setTnsAlias("unknown");
    source.setWalletPath(
        new Wallet(folder.resolve("wallet")).alias("known", descriptor("TCP", closed)).path());
    assertThat(refused()).startsWith("ORA-12154: ");

    source.setTnsAlias("known");
    Files.writeString(folder.resolve("wallet").resolve("cwallet.sso"), "not a wallet");
    assertThat(refused()).startsWith("ORA-");
  }

  @Test
  void anUncheckedExceptionOfTheDriverIsKnownAsTheDrivers() throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.TOO_SHORT)) {
      source.setDsn("localhost:%d/orders.example".formatted(listener.port()));
      login();

      assertThatThrownBy(source::getConnection)
          .isInstanceOf(RuntimeException.class)
          .satisfies(
              failure ->
                  assertThat(SqlErrors.kindOf(failure, new OracleDialect()))
                      .isEqualTo(ErrorKind.UNAVAILABLE));
    }
  }

  @Test
  void propertiesOfTheAdministratorGoBeforeAllOthers() throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.REFUSE)) {
      source.setDsn("localhost:%d/orders.example".formatted(listener.port()));
      login();
      refused();
      source.setConnectionProperties("oracle.jdbc.fanEnabled=false; v$session.program = audit ;");
      refused();

      assertThat(listener.asked()).hasSize(2);
      assertThat(listener.asked().get(0)).contains("(PROGRAM=history)");
      assertThat(listener.asked().get(1)).contains("(PROGRAM=audit)");
    }
    source.setConnectionProperties("oracle.jdbc.fanEnabled");
    assertThat(refused())
        .isEqualTo("connectionProperties: property 1 is not of the form name=value");
  }

  @ParameterizedTest
  @MethodSource("org.smg.Credentials#withSpecialCharacters")
  void noMessageRepeatsThePassword(Credentials credentials) throws IOException {
    try (ListenerStub listener = new ListenerStub(Answer.HANG_UP)) {
      for (String dsn : List.of("//localhost:%d/orders", descriptor("TCP", listener.port()))) {
        for (Answer answer : List.of(Answer.HANG_UP, Answer.REFUSE)) {
          listener.answer(answer);
          source.setDsn(dsn.formatted(listener.port()));
          source.setUser(credentials.user());
          source.setPassword(credentials.password());

          assertThatThrownBy(source::getConnection)
              .satisfies(credentials::assertPasswordNotRepeatedBy);
        }
      }
    }
  }

  /** As SQL*Plus takes them. */
  @ParameterizedTest
  @MethodSource("org.smg.Credentials#withSpecialCharacters")
  void credentialsInADsnOrAliasAreRefusedWithoutRepeatingThem(Credentials credentials) {
    login();
    String both = credentials.user() + "/" + credentials.password() + "@";
    for (String dsn : List.of("//db/orders", "db:1521/orders", descriptor("TCP", 1521))) {
      source.setDsn(both + dsn);

      assertThatThrownBy(source::getConnection)
          .hasMessageStartingWith("oracle-dsn: contains an @")
          .satisfies(credentials::assertNotRepeatedBy);
    }
    source.setDsn("");
    source.setWalletPath(folder.toString());
    source.setTnsAlias(both + "orders");

    assertThatThrownBy(source::getConnection)
        .hasMessageStartingWith("oracle-tns-alias: contains an @")
        .satisfies(credentials::assertNotRepeatedBy);
  }

  @Test
  void aPasswordWithASemicolonInTheDriversPropertiesIsNotRepeated() {
    source.setDsn("//db/orders");
    login();
    source.setConnectionProperties("oracle.jdbc.fanEnabled=false;password=Zq7;xK9w");

    assertThat(refused())
        .isEqualTo("connectionProperties: property 3 is not of the form name=value");
  }

  private void login() {
    source.setUser("history_app");
    source.setPassword(PASSWORD);
  }

  private static String descriptor(String protocol, int port) {
    return "(DESCRIPTION=(ADDRESS=(PROTOCOL=%s)(HOST=localhost)(PORT=%d))(CONNECT_DATA=(SERVICE_NAME=orders.example)))"
        .formatted(protocol, port);
  }

  /** The message of the driver's exception; the stub accepts no login. */
  private String refused() {
    SQLException refusal = catchThrowableOfType(SQLException.class, source::getConnection);
    assertThat(refusal.getMessage()).doesNotContain(PASSWORD);
    return refusal.getMessage();
  }
}
