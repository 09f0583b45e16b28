package org.smg.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarFileTest {

  private static final String CONTENT = "content ".repeat(1_000);

  @TempDir private Path folder;
  private Path war;

  @BeforeEach
  void write() throws IOException {
    war = folder.resolve("history.war");
    write(Deflater.BEST_COMPRESSION);
  }

  private void write(int level) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
      zip.setLevel(level);
      zip.putNextEntry(new ZipEntry("WEB-INF/"));
      zip.putNextEntry(new ZipEntry("WEB-INF/one"));
      zip.write(CONTENT.getBytes());
      zip.putNextEntry(new ZipEntry("WEB-INF/two"));
      zip.write("2".getBytes());
    }
  }

  @Test
  void aWholeOneIsWithoutFault() {
    assertThat(WarFile.fault(war)).isEmpty();
  }

  @Test
  void oneThatIsNotThereIsMissing() {
    assertThat(WarFile.fault(folder.resolve("other.war"))).contains("is missing");
  }

  @Test
  void aFolderIsTakenAsItIs() {
    assertThat(WarFile.fault(folder)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void oneThatWasCutIsDamaged(int length) throws IOException {
    Files.write(war, Arrays.copyOf(Files.readAllBytes(war), length));

    assertThat(WarFile.fault(war).orElseThrow()).startsWith("is damaged");
  }

  @Test
  void oneWhoseContentWasChangedIsDamaged() throws IOException {
    write(Deflater.NO_COMPRESSION);
    byte[] whole = Files.readAllBytes(war);
    int start = new String(whole, StandardCharsets.ISO_8859_1).indexOf("content");
    for (int at : new int[] {start, start + CONTENT.length() / 2, start + CONTENT.length() - 1}) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(war, changed);

      assertThat(WarFile.fault(war)).contains("is damaged (wrong checksum of WEB-INF/one)");
    }
  }
}
