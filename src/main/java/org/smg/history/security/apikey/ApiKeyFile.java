package org.smg.history.security.apikey;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of the file of API keys: a line for each key, and comments that begin with {@code #}.
 *
 * @param faults what cannot be used, in words that follow the file's name
 */
record ApiKeyFile(List<ApiKey> keys, List<String> faults) {

  private static final String HEAD =
      "# API keys of the chat history, written by history-keys. The keys themselves are not here.";

  /** Reads the file; lines that cannot be used are among the faults. */
  static ApiKeyFile read(Path file) throws IOException {
    List<ApiKey> keys = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
        add(lines.get(i), i + 1, keys, faults);
      }
    }
    return new ApiKeyFile(List.copyOf(keys), List.copyOf(faults));
  }

  private static void add(String line, int number, List<ApiKey> keys, List<String> faults) {
    try {
      keys.add(ApiKey.parse(line));
    } catch (IllegalArgumentException fault) {
      faults.add("line %d %s".formatted(number, fault.getMessage()));
    }
  }

  /**
   * Puts a new file in the place of the old one, so that readers see all of one of them. Only the
   * owner may read it.
   */
  static void write(Path file, List<ApiKey> keys) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    keys.forEach(key -> lines.add(key.line()));
    byte[] content = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    // Java gives temporary files the mode 0600.
    Path next = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".new");
    try {
      Files.write(next, content);
      try (FileChannel written = FileChannel.open(next, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }
}
