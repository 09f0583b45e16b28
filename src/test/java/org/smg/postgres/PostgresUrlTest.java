package org.smg.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;
import org.smg.Credentials;

class PostgresUrlTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      nullValues = "-",
      value = {
        "postgres://ann:pw@db.example:5433/smg | db.example:5433 | ann | pw | smg",
        "postgresql://ann:pw@db.example/smg | db.example:5432 | ann | pw | smg",
        "postgres://db.example | db.example:5432 | - | - | -",
        "postgres://db.example/ | db.example:5432 | - | - | -",
        "postgres:///smg | localhost:5432 | - | - | smg",
        "postgres:// | localhost:5432 | - | - | -",
        "postgres://:5433/smg | localhost:5433 | - | - | smg",
        "postgres://ann@db/smg | db:5432 | ann | - | smg",
        "postgres://ann:@db/smg | db:5432 | ann | - | smg",
        "postgres://a%40b:p%2Fw%3A%25+%20@db/s%20g | db:5432 | a@b | p/w:%+ | s g",
        "postgres://%C3%A4:%E2%82%AC@db/x | db:5432 | ä | € | x",
        "postgres://[::1]/smg | [::1]:5432 | - | - | smg",
        "postgres://ann:pw@[2001:db8::1]:6000/smg | [2001:db8::1]:6000 | ann | pw | smg",
        "postgres://a,b:6001,[::1]:6002/smg | a:5432 b:6001 [::1]:6002 | - | - | smg",
        "postgres://db/smg?user=ann&password=p%26w | db:5432 | ann | p&w | smg",
        "postgres://db?dbname=smg | db:5432 | - | - | smg",
        "jdbc:postgresql://db:6000/smg?user=ann&password=pw | db:6000 | ann | pw | smg",
        "jdbc:postgresql://a:1,b:2/smg | a:1 b:2 | - | - | smg",
      })
  void hostsCredentialsAndDatabaseAreRead(
      String url, String hosts, String user, String password, String database) {
    PostgresUrl parsed = PostgresUrl.parse(url);

    StringBuilder addresses = new StringBuilder();
    for (int i = 0; i < parsed.hosts().size(); i++) {
      addresses.append(' ').append(parsed.hosts().get(i)).append(':').append(parsed.ports().get(i));
    }
    assertThat(addresses.substring(1)).isEqualTo(hosts);
    assertThat(parsed.user()).isEqualTo(user);
    assertThat(parsed.password() == null ? null : parsed.password().strip()).isEqualTo(password);
    assertThat(parsed.database()).isEqualTo(database);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sslmode=disable | sslmode=disable",
        "sslmode=allow | sslmode=allow",
        "sslmode=prefer | sslmode=prefer",
        "sslmode=require | sslmode=require",
        "sslmode=verify-ca | sslmode=verify-ca",
        "sslmode=verify-full | sslmode=verify-full",
        "sslmode=require&sslrootcert=/ca.pem | sslmode=verify-ca,sslrootcert=/ca.pem",
        "sslcert=/c.pem&sslkey=/k.pk8 | sslcert=/c.pem,sslkey=/k.pk8",
        "connect_timeout=3 | connectTimeout=3,loginTimeout=3",
        "application_name=chat%20app | ApplicationName=chat app",
        "options=-c%20geqo%3Doff | options=-c geqo=off",
        "target_session_attrs=any | targetServerType=any",
        "target_session_attrs=read-write | targetServerType=primary",
        "target_session_attrs=primary | targetServerType=primary",
        "target_session_attrs=read-only | targetServerType=secondary",
        "target_session_attrs=standby | targetServerType=secondary",
        "target_session_attrs=prefer-standby | targetServerType=preferSecondary",
        "keepalives=0 | tcpKeepAlive=false",
        "keepalives=1 | tcpKeepAlive=true",
        "channel_binding=require | channelBinding=require",
        "gssencmode=disable | gssEncMode=disable",
      })
  void theParametersOfLibpqBecomeTheDrivers(String query, String properties) {
    PostgresUrl parsed = PostgresUrl.parse("postgres://db/smg?" + query);

    assertThat(
            Arrays.stream(properties.split(","))
                .allMatch(
                    property ->
                        property
                            .substring(property.indexOf('=') + 1)
                            .equals(
                                parsed
                                    .properties()
                                    .get(property.substring(0, property.indexOf('='))))))
        .as(parsed.properties().toString())
        .isTrue();
  }

  @Test
  void whatTheUrlDoesNotSayIsBounded() {
    assertThat(PostgresUrl.parse("postgres://db").properties())
        .containsEntry("connectTimeout", "5")
        .containsEntry("loginTimeout", "5")
        .containsEntry("socketTimeout", "10")
        .containsEntry("tcpKeepAlive", "true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgres://u:secret@db/x?sslmode=require&sslmod=require | parameter 2 has an unknown name; known are application_name",
        "postgres://u:secret@db/x?connectTimeout=3 | parameter 1 has an unknown name; known are application_name",
        "jdbc:postgresql://db/x?password=secret&connect_timeout=3 | parameter 2 has an unknown name; known are ApplicationName",
        "postgres://u:secret@db/x?sslmode=yes | parameter 1 'sslmode' has a value that is not allowed; allowed are disable, allow, prefer, require, verify-ca, verify-full",
        "postgres://u:secret@db/x?sslmode | parameter 1 is not of the form name=value",
        "postgres://u:secret@db/x?=secret | parameter 1 is not of the form name=value",
        "postgres://u:secret@db/x?sslmode= | parameter 1 'sslmode' has a value that is not allowed",
        "postgres://u:secret@db/x?sslrootcert= | parameter 1 'sslrootcert' has no value",
        "postgres://u:secret@db/x?connect_timeout=3s | parameter 1 'connect_timeout' has a value that is not a whole number",
        "postgres://u:secret@db/x?connect_timeout=-1 | parameter 1 'connect_timeout'",
        "postgres://u:secret@db/x?keepalives=yes | parameter 1 'keepalives' has a value that is not allowed; allowed are 0, 1",
        "postgres://u:secret@db/x?target_session_attrs=rw | parameter 1 'target_session_attrs'",
        "postgres://u:secret@db/x?sslmode=%zz | parameter 1 is not properly percent-encoded",
        "postgres://u:secret@a,db:0/x | the port of host 2 is not a number from 1 to 65535",
        "postgres://u:secret@db:65536/x | the port of host 1",
        "postgres://u:secret@db:99999999999/x | the port of host 1",
        "postgres://u:secret@d b/x | host 1 is not a name",
        "postgres://u:secret@[::1/x | host 1 is not a name",
        "postgres://u:secret@%2Fvar%2Frun/x | host 1 is not a name",
        "postgres://u:secret%zz@db/x | password is not properly percent-encoded",
        "postgres://u:secret/2@db/x | not a URL of the form",
        "postgres://u:12/secret@db/x | not a URL of the form",
        "postgres://u:12?dbname=secret@db | not a URL of the form",
        "postgres://u:secret@2@db/x | not a URL of the form",
        "mysql://u:secret@db/x | not a URL of the form",
        "u:secret@db | not a URL of the form",
      })
  void whatIsWrongIsNamedWithoutRepeatingIt(String url, String fault) {
    assertThatThrownBy(() -> PostgresUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault)
        .hasMessageNotContaining("secret")
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"socketTimeout", "prepareThreshold", "targetServerType", "sslNegotiation"})
  void aJdbcUrlTakesTheDriversOwnParameters(String name) {
    assertThat(List.of(PGProperty.values())).anyMatch(known -> known.getName().equals(name));
    String value = name.equals("targetServerType") ? "primary" : "1";

    assertThat(PostgresUrl.parse("jdbc:postgresql://db/x?" + name + "=" + value).properties())
        .containsEntry(name, value);
  }

  @ParameterizedTest
  @MethodSource("org.smg.Credentials#withSpecialCharacters")
  void credentialsAreUnderstoodOrRefusedWithoutRepeatingThem(Credentials credentials) {
    for (String form :
        List.of(
            "postgres://%s:%s@db.example:5432/chat",
            "postgresql://%s:%s@db.example",
            "postgres://%s:%s@a,b:6001,[::1]/chat?target_session_attrs=read-write",
            "postgres://db.example/chat?user=%s&password=%s&sslmode=require",
            "jdbc:postgresql://%s:%s@db.example/chat",
            "jdbc:postgresql://a,b/chat?sslmode=require&password=%2$s&user=%1$s")) {
      try {
        PostgresUrl bare =
            PostgresUrl.parse(form.formatted(credentials.user(), credentials.password()));
        // By the grammar of URLs, the first colon ends the user.
        assertThat(bare.user() + ":" + bare.password())
            .isEqualTo(credentials.user() + ":" + credentials.password());
      } catch (IllegalArgumentException refused) {
        assertThat(credentials.user() + credentials.password()).containsPattern("[/?#@%&]");
        credentials.assertNotRepeatedBy(refused);
      }
      Credentials encoded = credentials.encoded();
      PostgresUrl url = PostgresUrl.parse(form.formatted(encoded.user(), encoded.password()));
      assertThat(new Credentials(url.user(), url.password())).isEqualTo(credentials);
    }
  }

  @ParameterizedTest
  @MethodSource("org.smg.Credentials#withSpecialCharacters")
  void theDataSourceRepeatsNoCredentials(Credentials credentials) throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    for (Credentials written : List.of(credentials, credentials.encoded())) {
      assertThatThrownBy(
              () -> {
                UrlDataSource source = new UrlDataSource();
                source.setUrl(
                    "postgres://%s:%s@localhost:%d/chat"
                        .formatted(written.user(), written.password(), closed));
                source.getConnection();
              })
          .isInstanceOf(SQLException.class)
          .satisfies(credentials::assertNotRepeatedBy);
    }
  }
}
