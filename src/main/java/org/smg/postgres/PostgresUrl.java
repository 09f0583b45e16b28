package org.smg.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where PostgreSQL is and how to connect: {@code postgres://[user[:password]@][host][:port][,…]
 * [/database][?parameter=value&…]} as libpq reads it, or a {@code jdbc:postgresql:} URL. Whatever
 * is left out is the driver's default, which is libpq's.
 *
 * <p>Messages name the part that is wrong and never hold the URL, which may hold a password.
 */
public final class PostgresUrl {

  private static final int DEFAULT_PORT = 5432;
  private static final int LARGEST_PORT = 65535;

  private static final Pattern WHOLE =
      Pattern.compile(
          "(?<scheme>postgres|postgresql|jdbc:postgresql)://"
              + "((?<user>[^:@/?#]*)(:(?<password>[^@/?#]*))?@)?"
              + "(?<hosts>[^/?#@]*)(/(?<database>[^/?#]*))?([?](?<query>[^#]*))?");

  private static final Pattern HOST =
      Pattern.compile("(\\[(?<ipv6>[0-9a-fA-F:.]+)]|(?<name>[A-Za-z0-9._-]*))(:(?<port>\\d*))?");

  private final List<String> hosts = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Map<String, String> properties = new TreeMap<>();
  private String database;
  private String user;
  private String password;

  private PostgresUrl() {}

  /**
   * @throws IllegalArgumentException if the driver could not use it; the message says why in one
   *     line
   */
  public static PostgresUrl parse(String url) {
    Matcher whole = WHOLE.matcher(url);
    if (!whole.matches()) {
      throw new IllegalArgumentException(
          "not a URL of the form postgres://user:password@host:port/database?parameter=value,"
              + " in which special characters of user and password are percent-encoded");
    }
    PostgresUrl parsed = new PostgresUrl();
    parsed.user = decoded("user", whole.group("user"));
    parsed.password = decoded("password", whole.group("password"));
    parsed.database = decoded("database", whole.group("database"));
    for (String host : whole.group("hosts").split(",", -1)) {
      parsed.addHost(host);
    }
    Parameters parameters =
        whole.group("scheme").startsWith("jdbc") ? Parameters.DRIVER : Parameters.LIBPQ;
    if (whole.group("query") != null && !whole.group("query").isEmpty()) {
      for (String parameter : whole.group("query").split("&", -1)) {
        parsed.addParameter(parameter, parameters);
      }
    }
    parsed.complete();
    return parsed;
  }

  private void addHost(String text) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a host, an IPv4 address or an IPv6 address in brackets".formatted(text));
    }
    String name = host.group("ipv6") != null ? "[" + host.group("ipv6") + "]" : host.group("name");
    hosts.add(name.isEmpty() ? "localhost" : name);
    String port = host.group("port");
    ports.add(port == null || port.isEmpty() ? DEFAULT_PORT : port(port));
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= LARGEST_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, like a number out of range.
    }
    throw new IllegalArgumentException(
        "port '%s' is not a number from 1 to %d".formatted(text, LARGEST_PORT));
  }

  private void addParameter(String text, Parameters parameters) {
    int equals = text.indexOf('=');
    String name = decoded("parameter", equals < 0 ? text : text.substring(0, equals));
    if (equals < 0) {
      throw new IllegalArgumentException("parameter '%s' has no value".formatted(name));
    }
    String value = decoded(name, text.substring(equals + 1));
    switch (name) {
      case "user" -> user = value;
      case "password" -> password = value;
      case "dbname" -> database = value;
      default -> properties.putAll(parameters.driverProperties(name, value));
    }
  }

  /** What an application needs to answer in time, where the URL does not say otherwise. */
  private void complete() {
    if ("require".equals(properties.get("sslmode")) && properties.containsKey("sslrootcert")) {
      // As libpq does: who names a certificate authority wants it checked.
      properties.put("sslmode", "verify-ca");
    }
    properties.putIfAbsent("ApplicationName", "history");
    properties.putIfAbsent("connectTimeout", "10");
    properties.putIfAbsent("loginTimeout", "10");
    properties.putIfAbsent("socketTimeout", "30");
    properties.putIfAbsent("tcpKeepAlive", "true");
    properties.putIfAbsent("reWriteBatchedInserts", "true");
    // Details of an error hold what was to be stored, and would end up in a log.
    properties.putIfAbsent("logServerErrorDetail", "false");
  }

  private static String decoded(String part, String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      // A plus is a plus in libpq.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(part + " is not properly percent-encoded");
    }
  }

  /** Host names and addresses, IPv6 ones in brackets; at least one. */
  public List<String> hosts() {
    return List.copyOf(hosts);
  }

  /** A port for each host. */
  public List<Integer> ports() {
    return List.copyOf(ports);
  }

  /** The database's name, or null for the user's. */
  public String database() {
    return database;
  }

  /** The user's name, or null for that of the process. */
  public String user() {
    return user;
  }

  /** The password, or null. */
  public String password() {
    return password;
  }

  /** The driver's other properties by its own names. */
  public Map<String, String> properties() {
    return Map.copyOf(properties);
  }
}
