package org.smg.history.storage.jpa.rows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.smg.history.model.Metadata;

/**
 * What conversations and responses are found by when a list is filtered by metadata: for each
 * label, that is key and value, the first 128 bits of a SHA-256 digest. The label itself could be
 * longer than an index entry, or hold characters that a database refuses.
 */
public final class LabelDigests {

  private static final int BYTES = 16;

  private LabelDigests() {}

  /** One digest for each label, in the metadata's order. */
  public static List<String> of(Metadata metadata) {
    return metadata.entries().entrySet().stream().map(LabelDigests::digest).toList();
  }

  private static String digest(Map.Entry<String, String> label) {
    String text = label.getKey().length() + ":" + label.getKey() + label.getValue();
    try {
      // Not UTF-8: it writes every half of a surrogate pair as the same question mark.
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_16BE));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
