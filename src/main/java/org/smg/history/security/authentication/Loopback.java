package org.smg.history.security.authentication;

import java.util.regex.Pattern;

/** Names by which a machine calls itself. */
public final class Loopback {

  private static final String IPV4 = "127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}";

  /** With a zone, where the server tells one. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:%s|(?:0:0:0:0:0:0:0|:):1)(?:%%.*)?".formatted(IPV4));

  private static final Pattern HOST = Pattern.compile("(?i)localhost|%s|\\[::1]".formatted(IPV4));

  private Loopback() {}

  /** Whether this is the address of a loopback interface, in numbers. */
  static boolean isAddress(String address) {
    return ADDRESS.matcher(address).matches();
  }

  /** Whether the host of a URL, without a port, can be nothing but the machine itself. */
  public static boolean isHost(String host) {
    return HOST.matcher(host).matches();
  }
}
