package org.smg.history.security.proxy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.security.authentication.Sender;

/**
 * Whom the administrator trusts to name tenants and users.
 *
 * @param addresses from which they connect
 * @param certificates the subjects of the certificates that they show
 */
record TrustedProxies(List<AddressRange> addresses, List<X500Principal> certificates) {

  static final Option<List<AddressRange>> ADDRESSES =
      Option.of("history-trusted-proxies", List.of(), TrustedProxies::addresses);

  static final Option<List<X500Principal>> CERTIFICATES =
      Option.of("history-trusted-proxy-certificates", List.of(), TrustedProxies::certificates);

  /** Reads the options; that nobody is trusted is added to their faults. */
  static TrustedProxies read(Options options) {
    TrustedProxies read = new TrustedProxies(options.get(ADDRESSES), options.get(CERTIFICATES));
    if (read.addresses.isEmpty() && read.certificates.isEmpty()) {
      options.refuse(
          ADDRESSES, "history-auth=proxy needs this option or " + CERTIFICATES.property());
    }
    return read;
  }

  /** Refuses the options where proxies are not asked: they promise what does not hold. */
  static void refuse(Options options) {
    for (Option<? extends List<?>> option : List.of(ADDRESSES, CERTIFICATES)) {
      if (!options.get(option).isEmpty()) {
        options.refuse(option, "needs history-auth=proxy");
      }
    }
  }

  boolean include(Sender sender) {
    return hasTrustedAddress(sender)
        || !certificates.isEmpty()
            && sender.certificate().filter(certificates::contains).isPresent();
  }

  private boolean hasTrustedAddress(Sender sender) {
    Optional<InetAddress> address = AddressRange.address(sender.address());
    return address.isPresent()
        && addresses.stream().anyMatch(range -> range.contains(address.get()));
  }

  private static List<AddressRange> addresses(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).map(AddressRange::of).toList();
  }

  /** Names have commas, so that they are separated by semicolons. */
  private static List<X500Principal> certificates(String list) {
    return Arrays.stream(list.split(";", -1)).map(TrustedProxies::certificate).toList();
  }

  private static X500Principal certificate(String name) {
    try {
      X500Principal subject = new X500Principal(name.strip());
      if (!subject.getName().isEmpty()) {
        return subject;
      }
    } catch (IllegalArgumentException malformed) {
      // Said below, like a name without content.
    }
    throw new IllegalArgumentException(
        "has no subject of a certificate; allowed are names such as CN=smg,O=Acme, separated by ;");
  }
}
