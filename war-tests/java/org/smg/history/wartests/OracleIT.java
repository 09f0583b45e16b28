package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.storage.jpa.OracleDatabase;
import org.smg.oracle.ListenerStub;
import org.smg.oracle.Wallet;
import org.smg.postgres.Certificates;

/** The WAR with a stub of Oracle's listener: what the stub is asked for, and what clients see. */
@OnLiberty
class OracleIT {

  private static final String PASSWORD = "never-to-be-told";

  /** Seconds that a request may take to get a connection. */
  private static final int TIMEOUT = 2;

  /** What the rest of a request may take on a busy machine. */
  private static final Duration SLACK = Duration.ofSeconds(8);

  @TempDir Path wallet;

  @ParameterizedTest
  @ValueSource(strings = {"ORACLE", "ATP"})
  void aListenerThatRefusesOrHangsMakesRequestsFailInTime(String prefix) throws IOException {
    try (ListenerStub listener = new ListenerStub(ListenerStub.Answer.REFUSE);
        LibertyServer server =
            LibertyServer.named("oracle-" + prefix.toLowerCase(Locale.ROOT))
                .environment(environment(prefix, listener.port()))
                .make()) {
      server.launch();
      server.awaitLogged(".*WARNING.*does not answer yet: .*ORA-12514.*");
      server.awaitLogged(".*CWWKF0011I.*");
      assertThat(listener.asked())
          .isNotEmpty()
          .allMatch(asked -> asked.contains("(SERVICE_NAME=orders.example)"));

      Http http = server.http();
      assertThat(http.get("/health/live").status()).isEqualTo(200);
      for (ListenerStub.Answer answer : ListenerStub.Answer.values()) {
        listener.answer(answer);
        assertUnavailable(http);
      }
      listener.answer(ListenerStub.Answer.HANG_UP);
      // Requests are told what the last probe has met.
      Pattern met =
          Pattern.compile(
              "reason=\"ORA-03113.*user=HISTORY_APP.*method=POST route=/v1/conversations");
      Writers.await(
          "no request is told what a probe has met",
          () -> {
            assertUnavailable(http);
            return met.matcher(server.log()).find();
          });
      assertThat(server.log()).doesNotContain(PASSWORD);
    }
  }

  @Test
  void aWalletsCertificatesAndCredentialAreEnough() throws Exception {
    Certificates certificates = new Certificates(wallet);
    Path authority = certificates.authority("authority");
    certificates.server("listener", "authority", "localhost");
    try (ListenerStub listener =
        new ListenerStub(ListenerStub.Answer.REFUSE, certificates.tls("listener"))) {
      Wallet made =
          new Wallet(wallet.resolve("wallet"))
              .trusting(authority)
              .credential("history_tp", "wallet_user", PASSWORD)
              .alias("history_tp", descriptor("TCPS", listener.port()));
      try (LibertyServer server =
          LibertyServer.named("oracle-wallet")
              .environment(
                  Map.of(
                      "HISTORY_BACKEND", "oracle",
                      "ATP_WALLET_PATH", made.path(),
                      "ATP_TNS_ALIAS", "history_tp",
                      "ATP_EXTERNAL_AUTH", "true",
                      "ATP_POOL_MAX", "2",
                      // The first TLS handshake takes seconds on a busy machine.
                      "ATP_POOL_TIMEOUT_SECS", "20"))
              .make()) {
        server.launch();
        server.awaitLogged(".*WARNING.*does not answer yet: .*ORA-12514.*");
        server.awaitLogged(".*CWWKF0011I.*");
        assertThat(listener.asked())
            .isNotEmpty()
            .allMatch(asked -> asked.contains("(SERVICE_NAME=orders.example)"));
        assertUnavailable(server.http());
        assertThat(server.log()).doesNotContain(PASSWORD);
      }
    }
  }

  /** Uses the server's own EclipseLink, with its platform for Oracle. */
  @Test
  void theServersPersistenceProviderSpeaksOraclesDialect() throws Exception {
    String url =
        "jdbc:h2:file:%s;MODE=Oracle;NON_KEYWORDS=VALUE".formatted(wallet.resolve("history"));
    OracleDatabase.make(url, "history_app", PASSWORD);
    Path h2 =
        Path.of(JdbcDataSource.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (LibertyServer server =
        LibertyServer.named("oracle-dialect")
            .environment(
                Map.of(
                    "HISTORY_BACKEND", "oracle",
                    "ORACLE_DSN", "not-asked",
                    "ORACLE_USER", "history_app",
                    "ORACLE_PASSWORD", PASSWORD))
            .file("drivers/h2/h2.jar", Files.readAllBytes(h2))
            .override(
                "h2.xml",
                """
                <server>
                  <library id="h2"><fileset dir="${server.config.dir}/drivers/h2" includes="*.jar"/></library>
                  <dataSource id="oracle">
                    <jdbcDriver libraryRef="h2" javax.sql.DataSource="org.h2.jdbcx.JdbcDataSource"/>
                    <properties URL="%s"/>
                  </dataSource>
                </server>
                """
                    .formatted(url))
            .start()) {
      Http http = server.http();
      String conversation = Fixtures.conversation(http, List.of("one", "two"));
      String page = Fixtures.items(conversation) + "?order=asc&limit=1";
      assertThat(http.get(page).json().path("has_more").booleanValue()).isTrue();
      String response =
          Fixtures.response(
              http,
              "{\"model\":\"m\",\"user\":\"\",\"conversation\":\"%s\",\"input\":\"three\",\"output\":[]}"
                  .formatted(conversation));
      assertThat(
              http.get("/v1/responses?model=m").json().path("data").path(0).path("id").textValue())
          .isEqualTo(response);
      assertThat(http.get("/v1/responses/" + response).json().path("user").textValue()).isEmpty();
      assertThat(http.get(Fixtures.items(conversation)).json().path("data")).hasSize(3);
      assertThat(http.delete("/v1/conversations/" + conversation).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ORACLE_POOL_MIN=5 ORACLE_POOL_MAX=4 |"
            + " oracle-pool-min: '5' is more than oracle-pool-max, which is 4",
        "ATP_POOL_MAX=many | oracle-pool-max: 'many' is not a whole number from 2 to 10000",
        "ORACLE_EXTERNAL_AUTH=true | oracle-user: set beside oracle-external-auth=true",
        "ATP_TNS_ALIAS=history_tp | oracle-tns-alias: set beside oracle-dsn; one of them",
      })
  void whatDoesNotGoTogetherStopsTheStartBeforeAnyConnection(String variables, String line)
      throws IOException {
    try (ListenerStub listener = new ListenerStub(ListenerStub.Answer.REFUSE)) {
      Map<String, String> environment = new HashMap<>();
      environment.put("HISTORY_BACKEND", "oracle");
      environment.put("ORACLE_DSN", "localhost:%d/orders.example".formatted(listener.port()));
      environment.put("ORACLE_USER", "history_app");
      environment.put("ORACLE_PASSWORD", PASSWORD);
      for (String variable : variables.split(" ")) {
        environment.put(variable.split("=")[0], variable.split("=")[1]);
      }
      try (LibertyServer server =
          LibertyServer.named("oracle-refused").environment(environment).make()) {
        server.launch();

        assertThat(server.awaitEnd()).isEqualTo(1);
        assertThat(server.read("console.log").lines())
            .anyMatch(said -> said.startsWith("[ERROR   ] " + line));
        assertThat(listener.asked()).isEmpty();
        assertThat(server.log()).doesNotContain(PASSWORD);
      }
    }
  }

  private Map<String, String> environment(String prefix, int port) throws IOException {
    Files.writeString(wallet.resolve("tnsnames.ora"), "history_tp = " + descriptor("TCP", port));
    Map<String, String> environment = new HashMap<>();
    environment.put("HISTORY_BACKEND", "oracle");
    environment.put(prefix + "_WALLET_PATH", wallet.toString());
    environment.put(prefix + "_TNS_ALIAS", "history_tp");
    environment.put(prefix + "_USER", "history_app");
    environment.put(prefix + "_PASSWORD", PASSWORD);
    environment.put(prefix + "_POOL_TIMEOUT_SECS", Integer.toString(TIMEOUT));
    return environment;
  }

  private static String descriptor(String protocol, int port) {
    return """
        (DESCRIPTION = (ADDRESS = (PROTOCOL = %s)(HOST = localhost)(PORT = %d))
          (CONNECT_DATA = (SERVICE_NAME = orders.example)))
        """
        .formatted(protocol, port);
  }

  private static void assertUnavailable(Http http) {
    Instant begin = Instant.now();
    Answer answer = http.post("/v1/conversations", "{}");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotNull();
    assertThat(http.get("/health/ready").status()).isEqualTo(503);
    assertThat(Duration.between(begin, Instant.now()))
        .isLessThan(Duration.ofSeconds(2 * TIMEOUT).plus(SLACK));
  }
}
