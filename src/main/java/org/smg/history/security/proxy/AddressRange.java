package org.smg.history.security.proxy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses that begin alike (CIDR).
 *
 * @param first the lowest of them
 * @param bits how many bits at the beginning are those of {@code first}
 */
record AddressRange(InetAddress first, int bits) {

  private static final Pattern IPV4 = Pattern.compile("(?:\\d{1,3}\\.){3}\\d{1,3}");

  /** With a colon, so that it is never taken for a name, which Java would ask the network for. */
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");

  private static final String FAULT =
      "has no address or range; allowed are addresses such as 10.1.2.3 and fd00::1, and ranges such"
          + " as 10.1.0.0/16, which have nothing but zeros beyond their length";

  /**
   * Reads an address, or an address with the number of its leading bits.
   *
   * @throws IllegalArgumentException with the fault
   */
  static AddressRange of(String text) {
    int slash = text.indexOf('/');
    InetAddress first =
        address(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(() -> new IllegalArgumentException(FAULT));
    int all = first.getAddress().length * Byte.SIZE;
    AddressRange range = new AddressRange(first, slash < 0 ? all : bits(text.substring(slash + 1)));
    if (range.bits < 1
        || range.bits > all
        || number(first).getLowestSetBit() >= 0
            && number(first).getLowestSetBit() < all - range.bits) {
      throw new IllegalArgumentException(FAULT);
    }
    return range;
  }

  /** Reads an address in numbers; the zone of an IPv6 address does not count. */
  static Optional<InetAddress> address(String text) {
    int zone = text.indexOf('%');
    String numbers = zone < 0 ? text : text.substring(0, zone);
    if (!IPV4.matcher(numbers).matches() && !IPV6.matcher(numbers).matches()) {
      return Optional.empty();
    }
    try {
      // An IPv4 address within an IPv6 address becomes the former.
      return Optional.of(InetAddress.getByName(numbers));
    } catch (UnknownHostException malformed) {
      return Optional.empty();
    }
  }

  boolean contains(InetAddress address) {
    int all = first.getAddress().length;
    int others = all * Byte.SIZE - bits;
    return address.getAddress().length == all
        && number(address).shiftRight(others).equals(number(first).shiftRight(others));
  }

  private static int bits(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }
}
