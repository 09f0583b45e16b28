package org.smg.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.storage.jpa.PostgresServer;

/**
 * What each {@code sslmode} does: with a server that takes connections with and without TLS, with
 * one that insists on TLS, and with one that has none. The certificate is for the name localhost;
 * 127.0.0.1 is therefore a wrong host.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TlsTest {

  private PostgresServer withTls;
  private PostgresServer withoutTls;
  private Path right;
  private Path wrong;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Certificates certificates = new Certificates(folder);
    right = certificates.authority("right");
    wrong = certificates.authority("wrong");
    Path certificate = certificates.server("server", "right", "localhost");
    withTls = new PostgresServer(Map.of());
    copy(certificate, "server.crt");
    copy(certificates.key("server"), "server.key");
    // A database to which nobody connects without TLS.
    withTls.newDatabase("strict");
    Path rules = withTls.file("pg_hba.conf");
    Files.writeString(rules, "hostnossl strict all all reject\n" + Files.readString(rules));
    PostgresServer.run(withTls.database("postgres"), "ALTER SYSTEM SET ssl = on");
    PostgresServer.run(withTls.database("postgres"), "SELECT pg_reload_conf()");
    withoutTls = new PostgresServer(Map.of());
  }

  private void copy(Path from, String to) throws IOException {
    Path target = withTls.file(to);
    Files.copy(from, target, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterAll
  void stop() throws IOException {
    withTls.close();
    withoutTls.close();
  }

  @ParameterizedTest(name = "{0} to {1}, {2} authority, database {3}: {4}")
  @CsvSource({
    // A server with TLS.
    "disable,     localhost, no,    postgres, plain",
    "allow,       localhost, no,    postgres, plain",
    "prefer,      localhost, no,    postgres, TLS",
    "require,     localhost, no,    postgres, TLS",
    "verify-ca,   localhost, no,    postgres, root.crt",
    "verify-full, localhost, no,    postgres, root.crt",
    "disable,     localhost, right, postgres, plain",
    "allow,       localhost, right, postgres, plain",
    "prefer,      localhost, right, postgres, TLS",
    "require,     localhost, right, postgres, TLS",
    "verify-ca,   localhost, right, postgres, TLS",
    "verify-full, localhost, right, postgres, TLS",
    "disable,     localhost, wrong, postgres, plain",
    "allow,       localhost, wrong, postgres, plain",
    "prefer,      localhost, wrong, postgres, TLS",
    "require,     localhost, wrong, postgres, PKIX path",
    "verify-ca,   localhost, wrong, postgres, PKIX path",
    "verify-full, localhost, wrong, postgres, PKIX path",
    "require,     127.0.0.1, no,    postgres, TLS",
    "require,     127.0.0.1, right, postgres, TLS",
    "verify-ca,   127.0.0.1, right, postgres, TLS",
    "verify-ca,   127.0.0.1, wrong, postgres, PKIX path",
    "verify-full, 127.0.0.1, right, postgres, 127.0.0.1",
    "verify-full, 127.0.0.1, wrong, postgres, PKIX path",
    "verify-ca,   localhost, lost,  postgres, lost.crt",
    // A server that insists on TLS.
    "disable,     localhost, no,    strict,   no encryption",
    "allow,       localhost, no,    strict,   TLS",
    "prefer,      localhost, no,    strict,   TLS",
    "require,     localhost, no,    strict,   TLS",
    "verify-full, localhost, right, strict,   TLS",
    // A server without TLS.
    "disable,     localhost, no,    off,      plain",
    "allow,       localhost, no,    off,      plain",
    "prefer,      localhost, no,    off,      plain",
    "require,     localhost, no,    off,      does not support SSL",
    "verify-ca,   localhost, right, off,      does not support SSL",
    "verify-full, localhost, right, off,      does not support SSL",
  })
  void aModeConnectsOrSaysWhyNot(
      String mode, String host, String authority, String database, String outcome)
      throws SQLException {
    boolean off = database.equals("off");
    StringBuilder url =
        new StringBuilder(
            "postgres://postgres@%s:%d/%s?sslmode=%s"
                .formatted(
                    host, (off ? withoutTls : withTls).port(), off ? "postgres" : database, mode));
    switch (authority) {
      case "right" -> url.append("&sslrootcert=").append(right);
      case "wrong" -> url.append("&sslrootcert=").append(wrong);
      case "lost" -> url.append("&sslrootcert=").append(right.resolveSibling("lost.crt"));
      default -> {}
    }
    UrlDataSource dataSource = new UrlDataSource();
    dataSource.setUrl(url.toString());

    if (outcome.equals("plain") || outcome.equals("TLS")) {
      assertThat(encrypted(dataSource)).isEqualTo(outcome.equals("TLS"));
    } else {
      assertThatThrownBy(dataSource::getConnection)
          .isInstanceOf(SQLException.class)
          .hasStackTraceContaining(outcome);
    }
  }

  private static boolean encrypted(UrlDataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      rows.next();
      return rows.getBoolean(1);
    }
  }
}
