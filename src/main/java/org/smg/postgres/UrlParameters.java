package org.smg.postgres;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters behind the question mark of a URL, in two dialects. Messages repeat no value and
 * no unknown name: each could be part of a password whose special characters are not encoded.
 */
enum UrlParameters {
  /** Those of libpq, PostgreSQL's own client library. */
  LIBPQ {
    @Override
    Map<String, String> driverProperties(String name, String value) {
      return switch (name) {
        case "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword" ->
            checked(name, name, value);
        case "application_name" -> checked(name, "ApplicationName", value);
        case "options" -> checked(name, "options", value);
        case "channel_binding" -> checked(name, "channelBinding", value);
        case "gssencmode" -> checked(name, "gssEncMode", value);
        case "connect_timeout" -> {
          checked(name, "connectTimeout", value);
          yield Map.of("connectTimeout", value, "loginTimeout", value);
        }
        case "keepalives" ->
            Map.of("tcpKeepAlive", oneOf(name, value, "0", "1").equals("1") ? "true" : "false");
        case "target_session_attrs" -> Map.of("targetServerType", serverType(name, value));
        default -> throw unknown(LIBPQ_NAMES);
      };
    }
  },
  /** Those of the JDBC driver. */
  DRIVER {
    @Override
    Map<String, String> driverProperties(String name, String value) {
      if (!DRIVER_NAMES.contains(name)) {
        throw unknown(DRIVER_NAMES);
      }
      return checked(name, name, value);
    }
  };

  private static final Set<String> LIBPQ_NAMES =
      Set.of(
          "application_name",
          "channel_binding",
          "connect_timeout",
          "dbname",
          "gssencmode",
          "keepalives",
          "options",
          "password",
          "sslcert",
          "sslkey",
          "sslmode",
          "sslpassword",
          "sslrootcert",
          "target_session_attrs",
          "user");

  /** Those that an administrator of this application may need. */
  private static final Set<String> DRIVER_NAMES =
      Set.of(
          "ApplicationName",
          "assumeMinServerVersion",
          "binaryTransfer",
          "cancelSignalTimeout",
          "channelBinding",
          "connectTimeout",
          "currentSchema",
          "defaultRowFetchSize",
          "gssEncMode",
          "hostRecheckSeconds",
          "jaasApplicationName",
          "kerberosServerName",
          "loadBalanceHosts",
          "logServerErrorDetail",
          "loginTimeout",
          "options",
          "preferQueryMode",
          "prepareThreshold",
          "preparedStatementCacheQueries",
          "preparedStatementCacheSizeMiB",
          "reWriteBatchedInserts",
          "receiveBufferSize",
          "sendBufferSize",
          "socketTimeout",
          "ssl",
          "sslNegotiation",
          "sslResponseTimeout",
          "sslcert",
          "sslfactory",
          "sslkey",
          "sslmode",
          "sslpassword",
          "sslrootcert",
          "targetServerType",
          "tcpKeepAlive",
          "tcpNoDelay");

  /**
   * The parameter as properties of the driver.
   *
   * @throws IllegalArgumentException if the parameter is unknown, or its value is not allowed
   */
  abstract Map<String, String> driverProperties(String name, String value);

  private static Map<String, String> checked(String name, String property, String value) {
    switch (property) {
      case "sslmode" ->
          oneOf(name, value, "disable", "allow", "prefer", "require", "verify-ca", "verify-full");
      case "channelBinding", "gssEncMode" -> oneOf(name, value, "disable", "prefer", "require");
      case "targetServerType" ->
          oneOf(
              name,
              value,
              "any",
              "primary",
              "master",
              "slave",
              "secondary",
              "preferSlave",
              "preferSecondary",
              "preferPrimary");
      case "ssl", "tcpKeepAlive", "tcpNoDelay", "reWriteBatchedInserts", "loadBalanceHosts" ->
          oneOf(name, value, "true", "false");
      case "connectTimeout", "loginTimeout", "socketTimeout", "prepareThreshold" ->
          wholeNumber(name, value);
      default -> {
        if (value == null) {
          throw new IllegalArgumentException("'%s' has no value".formatted(name));
        }
      }
    }
    return Map.of(property, value);
  }

  /** What kind of server to connect to: the driver's word for libpq's. */
  private static String serverType(String name, String value) {
    return switch (oneOf(
        name, value, "any", "read-write", "read-only", "primary", "standby", "prefer-standby")) {
      case "read-write", "primary" -> "primary";
      case "read-only", "standby" -> "secondary";
      case "prefer-standby" -> "preferSecondary";
      default -> "any";
    };
  }

  private static String oneOf(String name, String value, String... allowed) {
    if (!List.of(allowed).contains(value == null ? "" : value)) {
      throw new IllegalArgumentException(
          "'%s' has a value that is not allowed; allowed are %s"
              .formatted(name, String.join(", ", allowed)));
    }
    return value;
  }

  private static void wholeNumber(String name, String value) {
    if (value == null || !value.matches("\\d{1,6}")) {
      throw new IllegalArgumentException(
          "'%s' has a value that is not a whole number of at most six digits".formatted(name));
    }
  }

  private static IllegalArgumentException unknown(Set<String> known) {
    return new IllegalArgumentException(
        "has an unknown name; known are " + String.join(", ", new TreeSet<>(known)));
  }
}
