package org.smg.history.startup;

import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import org.smg.history.config.Option;
import org.smg.history.config.Options;

/**
 * The keystore of Open Liberty's HTTPS port. Liberty itself goes on without that port if it cannot
 * open the keystore, and only logs an error.
 */
final class LibertyKeystore {

  static final Option<String> FILE = Option.text("https.keystore", "");

  /** Never read back into a message. Liberty decodes it if it is encoded. */
  static final Option<String> PASSWORD = Option.text("https.keystore.password", "");

  private LibertyKeystore() {}

  /**
   * Leaves what is wrong with the options.
   *
   * @return whether there is to be an HTTPS port
   */
  static boolean check(Options options) {
    String file = options.get(FILE);
    String password = options.get(PASSWORD);
    if (file.isEmpty()) {
      return false;
    }
    if (password.isEmpty()) {
      options.refuse(PASSWORD, "is required with https.keystore");
    } else if (!new File(file).isAbsolute() || !new File(file).isFile()) {
      options.refuse(FILE, "'%s' is not the absolute path of a file".formatted(file));
    } else if (!password.startsWith("{")) {
      open(file, password, options);
    }
    return true;
  }

  private static void open(String file, String password, Options options) {
    try {
      KeyStore keystore = KeyStore.getInstance(new File(file), password.toCharArray());
      for (String alias : Collections.list(keystore.aliases())) {
        if (keystore.isKeyEntry(alias)) {
          return;
        }
      }
      options.refuse(FILE, "'%s' has no private key".formatted(file));
    } catch (IOException | GeneralSecurityException unusable) {
      options.refuse(
          FILE,
          "'%s' cannot be opened with https.keystore.password (%s)"
              .formatted(file, unusable.getClass().getSimpleName()));
    }
  }
}
