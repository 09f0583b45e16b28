package org.smg.history.storage.redis.script;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is.
 *
 * @param user null for the default user
 * @param password null where there is none
 * @param master the name under which Sentinels know the server; null without Sentinels
 */
public record RedisUrl(
    Form form,
    boolean tls,
    String user,
    String password,
    List<HostAndPort> hosts,
    int database,
    String master) {

  public enum Form {
    SERVER,
    CLUSTER,
    SENTINEL
  }

  private static final int PORT = 6379;
  private static final int SENTINEL_PORT = 26379;

  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>[A-Za-z+]+)://((?<login>.*)@)?(?<hosts>[^/@?#]*)(/(?<path>[^?#]*))?");
  private static final Pattern HOST =
      Pattern.compile("(?<name>\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(:(?<port>[0-9]{1,5}))?");

  private static final String ALLOWED =
      "; allowed are redis://[user:password@]host[:port][/database], with rediss: for TLS; several"
          + " hosts with commas between, or redis+cluster:, for a Cluster; and"
          + " redis+sentinel://[user:password@]host[:port][,...]/master[/database]";

  /**
   * @throws IllegalArgumentException if the text is none of the forms; the message does not repeat
   *     it
   */
  public static RedisUrl of(String text) {
    if (text.isEmpty()) {
      throw invalid("is missing");
    }
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      throw invalid("is not a URL of Redis, or has parameters, which are not known");
    }
    String scheme = url.group("scheme");
    boolean tls = scheme.startsWith("rediss");
    List<HostAndPort> hosts = new ArrayList<>();
    Form form =
        switch (tls ? scheme.replaceFirst("rediss", "redis") : scheme) {
          case "redis" -> url.group("hosts").contains(",") ? Form.CLUSTER : Form.SERVER;
          case "redis+cluster" -> Form.CLUSTER;
          case "redis+sentinel" -> Form.SENTINEL;
          default -> throw invalid("begins with an unknown scheme");
        };
    for (String host : url.group("hosts").split(",", -1)) {
      hosts.add(host(host, form == Form.SENTINEL ? SENTINEL_PORT : PORT));
    }
    String[] login = login(url.group("login"));
    String path = url.group("path") == null ? "" : url.group("path");
    String master = null;
    if (form == Form.SENTINEL) {
      int slash = path.indexOf('/');
      master = slash < 0 ? path : path.substring(0, slash);
      path = slash < 0 ? "" : path.substring(slash + 1);
      if (master.isEmpty()) {
        throw invalid("lacks the name of the master that the Sentinels watch");
      }
    }
    int database = database(path);
    if (form == Form.CLUSTER && database != 0) {
      throw invalid("names a database, of which a Cluster has only 0");
    }
    return new RedisUrl(form, tls, login[0], login[1], List.copyOf(hosts), database, master);
  }

  private static HostAndPort host(String text, int defaultPort) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      throw invalid("has a host that is none");
    }
    int port = host.group("port") == null ? defaultPort : Integer.parseInt(host.group("port"));
    if (port < 1 || port > 65_535) {
      throw invalid("has a port that is not from 1 to 65535");
    }
    return new HostAndPort(host.group("name").replaceAll("[\\[\\]]", ""), port);
  }

  private static String[] login(String text) {
    if (text == null) {
      return new String[] {null, null};
    }
    int colon = text.indexOf(':');
    if (colon < 0 || colon == text.length() - 1) {
      throw invalid("has a login that is neither user:password@ nor :password@");
    }
    try {
      return new String[] {
        colon == 0 ? null : decoded(text.substring(0, colon)), decoded(text.substring(colon + 1))
      };
    } catch (IllegalArgumentException notEncoded) {
      throw invalid("has a login with a % that is not followed by two hexadecimal digits");
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static int database(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,6}")) {
      throw invalid("names a database that is not a number");
    }
    return Integer.parseInt(text);
  }

  private static IllegalArgumentException invalid(String fault) {
    return new IllegalArgumentException(fault + ALLOWED);
  }

  /** Without the password, so that it can be shown. */
  @Override
  public String toString() {
    return form + " " + hosts;
  }
}
