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
 * <p>Messages name the part that is wrong and repeat nothing of the URL. Where a password contains
 * a character that should be percent-encoded, its rest looks like a host, a port, a database or a
 * parameter.
 */
public final class PostgresUrl {

  private static final int DEFAULT_PORT = 5432;
  private static final int LARGEST_PORT = 65535;

  /**
   * An at sign is allowed only before the hosts: another one shows that user or password contains a
   * character that is not encoded.
   */
  private static final Pattern WHOLE =
      Pattern.compile(
          "(?<scheme>postgres|postgresql|jdbc:postgresql)://"
              + "((?<user>[^:@/?#]*)(:(?<password>[^@/?#]*))?@)?"
              + "(?<hosts>[^/?#@]*)(/(?<database>[^/?#@]*))?([?](?<query>[^#@]*))?");

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
          "not a URL of the form postgres://user:password@host:port/database?parameter=value;"
              + " in user, password and parameters, the characters / ? # @ % are written as"
              + " %2F %3F %23 %40 %25");
    }
    PostgresUrl parsed = new PostgresUrl();
    parsed.user = decoded("user", whole.group("user"));
    parsed.password = decoded("password", whole.group("password"));
    parsed.database = decoded("database", whole.group("database"));
    for (String host : whole.group("hosts").split(",", -1)) {
      parsed.addHost(host);
    }
    UrlParameters known =
        whole.group("scheme").startsWith("jdbc") ? UrlParameters.DRIVER : UrlParameters.LIBPQ;
    if (whole.group("query") != null && !whole.group("query").isEmpty()) {
      int number = 1;
      for (String parameter : whole.group("query").split("&", -1)) {
        parsed.addParameter("parameter " + number++, parameter, known);
      }
    }
    parsed.complete();
    return parsed;
  }

  private void addHost(String text) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      throw new IllegalArgumentException(
          "host %d is not a name, an IPv4 address or an IPv6 address in brackets"
              .formatted(hosts.size() + 1));
    }
    String name = host.group("ipv6") != null ? "[" + host.group("ipv6") + "]" : host.group("name");
    hosts.add(name.isEmpty() ? "localhost" : name);
    String port = host.group("port");
    ports.add(port == null || port.isEmpty() ? DEFAULT_PORT : port(port));
  }

  private int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= LARGEST_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number out of range.
    }
    throw new IllegalArgumentException(
        "the port of host %d is not a number from 1 to %d".formatted(hosts.size(), LARGEST_PORT));
  }

  private void addParameter(String part, String text, UrlParameters known) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException(part + " is not of the form name=value");
    }
    String name = decoded(part, text.substring(0, equals));
    String value = decoded(part, text.substring(equals + 1));
    switch (name) {
      case "user" -> user = value;
      case "password" -> password = value;
      case "dbname" -> database = value;
      default -> {
        try {
          properties.putAll(known.driverProperties(name, value));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(part + " " + e.getMessage());
        }
      }
    }
  }

  /** Sets what the URL leaves open: timeouts, so that no request waits for ever, and others. */
  private void complete() {
    if ("require".equals(properties.get("sslmode")) && properties.containsKey("sslrootcert")) {
      // As libpq does: an authority that is named is checked.
      properties.put("sslmode", "verify-ca");
    }
    properties.putIfAbsent("ApplicationName", "history");
    properties.putIfAbsent("connectTimeout", "5");
    properties.putIfAbsent("loginTimeout", "5");
    properties.putIfAbsent("socketTimeout", "10");
    properties.putIfAbsent("tcpKeepAlive", "true");
    properties.putIfAbsent("reWriteBatchedInserts", "true");
    // Details of an error repeat values of the row, and would get into a log.
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
