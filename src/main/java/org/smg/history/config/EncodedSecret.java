package org.smg.history.config;

import java.util.regex.Pattern;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * A secret as Open Liberty's {@code securityUtility encode} writes it, such as {@code {aes}…}. The
 * server decodes it for its own configuration, but not for MicroProfile Config. Its administrator
 * therefore offers it, decoded, under a JNDI name.
 */
final class EncodedSecret {

  private static final Pattern ENCODED = Pattern.compile("\\{(?:aes|xor)}.*");

  private static final String NAMES = "history/";

  private EncodedSecret() {}

  static boolean isOne(String text) {
    return ENCODED.matcher(text).matches();
  }

  /**
   * The secret of an option.
   *
   * @throws IllegalArgumentException with the fault, if the server did not decode it
   */
  static String decoded(String property) {
    String name = NAMES + property;
    try {
      String secret = String.valueOf(InitialContext.<Object>doLookup(name));
      if (!isOne(secret)) {
        return secret;
      }
    } catch (NamingException notOffered) {
      // Said below, like a value that was offered as it is.
    }
    throw new IllegalArgumentException(
        "is encoded, and the server does not decode it under the JNDI name %s; on Open Liberty it takes a jndiEntry with decode=\"true\" and the encryption key, see options.md"
            .formatted(name));
  }
}
