package org.smg.history.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file that holds one secret, as orchestrators mount them. It uses Java alone: the data sources,
 * which are outside of the WAR, read their secrets by it, too.
 */
public final class SecretFile {

  /** In bytes. The longest secret is a URL. */
  static final int MAX_SIZE = 1 << 16;

  private SecretFile() {}

  /**
   * Reads the secret: UTF-8, without the line break at its end.
   *
   * @param file the file's path; links are followed
   * @throws IllegalArgumentException with the fault, which names the file and nothing of its
   *     content
   */
  public static String read(String file) {
    try {
      byte[] content = content(Path.of(file));
      if (content.length > MAX_SIZE) {
        throw fault(file, "has more than %d bytes".formatted(MAX_SIZE));
      }
      String secret = utf8(content).replaceFirst("\\r?\\n\\z", "");
      if (secret.isBlank()) {
        throw fault(file, "is empty");
      }
      return secret;
    } catch (CharacterCodingException binary) {
      throw fault(file, "is not UTF-8");
    } catch (IOException unreadable) {
      throw fault(file, "cannot be read (%s)".formatted(unreadable.getClass().getSimpleName()));
    } catch (InvalidPathException noPath) {
      throw fault(file, "has a name that no file can have");
    }
  }

  private static byte[] content(Path path) throws IOException {
    // Whoever opens a pipe may wait for ever.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw fault(path.toString(), "is not a regular file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_SIZE + 1);
    }
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static IllegalArgumentException fault(String file, String fault) {
    return new IllegalArgumentException(
        "the file '%s' %s".formatted(file.replaceAll("\\p{Cntrl}", "?"), fault));
  }
}
