package org.smg.watch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A WAR as a file: whether all of it is there and can be read. */
final class WarFile {

  private WarFile() {}

  /**
   * Reads all of it, so that each entry's checksum is compared. A folder, as administrators unpack
   * one, has none and is taken as it is.
   *
   * @return what is wrong, to follow the file's name
   */
  static Optional<String> fault(Path war) {
    if (Files.isDirectory(war)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(war)) {
      return Optional.of("is missing");
    }
    try (ZipFile zip = new ZipFile(war.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        CRC32 checksum = new CRC32();
        try (InputStream content = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
          content.transferTo(OutputStream.nullOutputStream());
        }
        if (checksum.getValue() != entry.getCrc()) {
          return Optional.of("is damaged (wrong checksum of %s)".formatted(entry.getName()));
        }
      }
      return Optional.empty();
    } catch (IOException unreadable) {
      return Optional.of("is damaged (%s)".formatted(unreadable.getMessage()));
    }
  }
}
