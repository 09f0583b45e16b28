package org.smg.history.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void oneLineBreakAtTheEndIsNotPartOfTheSecret(String end) throws IOException {
    assertThat(SecretFile.read(file(" pä$$ \n" + end)))
        .isEqualTo(end.isEmpty() ? " pä$$ " : " pä$$ \n");
  }

  @Test
  void linksAreFollowedAsOrchestratorsMakeThem() throws IOException {
    file("secret");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));

    assertThat(SecretFile.read(link.toString())).isEqualTo("secret");
  }

  @Test
  void theLongestSecretIsRead() throws IOException {
    String longest = "x".repeat(SecretFile.MAX_SIZE);

    assertThat(SecretFile.read(file(longest))).isEqualTo(longest);
    assertFault(file(longest + "x"), "has more than 65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", " \r\n", "\t"})
  void anEmptyFileIsRefused(String content) throws IOException {
    assertFault(file(content), "is empty");
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[] {'a', (byte) 0xFF, 'b'});

    assertFault(file.toString(), "is not UTF-8");
  }

  @Test
  void whatIsNoFileIsRefusedAtOnce() {
    assertFault(folder.toString(), "is not a regular file");
    assertFault("/dev/zero", "is not a regular file");
    assertFault(folder.resolve("none").toString(), "cannot be read (NoSuchFileException)");
  }

  @Test
  void aNameThatNoFileCanHaveIsRefused() {
    assertThatThrownBy(() -> SecretFile.read("a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the file 'a?b' has a name that no file can have");
  }

  private String file(String content) throws IOException {
    return Files.write(folder.resolve("file"), content.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static void assertFault(String file, String fault) {
    assertThatThrownBy(() -> SecretFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the file '%s' %s", file, fault);
  }
}
