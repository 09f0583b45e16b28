package org.smg.history.storage.jpa;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.smg.history.model.Metadata;

/**
 * What metadata is found by: for every label 128 bits of a digest of its key and value, which
 * themselves may be longer than an index entry or hold what a database refuses.
 */
final class Labels {

  private static final int BYTES = 16;

  private Labels() {}

  static List<String> of(Metadata metadata) {
    return metadata.entries().entrySet().stream().map(Labels::of).toList();
  }

  private static String of(Map.Entry<String, String> label) {
    // UTF-16 keeps apart what UTF-8 cannot write.
    String text = label.getKey().length() + ":" + label.getKey() + label.getValue();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_16BE));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
