package org.smg.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UrlDataSourceTest {

  @TempDir private Path folder;

  @Test
  void theUrlIsReadFromAFileWhateverTheContainerPassesForTheOther() throws Exception {
    String url = "postgres://ann:pw@localhost:1/smg";
    String file = Files.writeString(folder.resolve("url"), url + "\n").toString();
    UrlDataSource source = new UrlDataSource();
    source.setUrl("");
    source.setUrlFile(file);
    source.setUrl(" ");

    assertThatThrownBy(source::getConnection)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("localhost:1 refused");
  }

  @Test
  void aFaultNamesTheOptionAndTheFile() {
    String missing = folder.resolve("none").toString();

    assertThatThrownBy(() -> new UrlDataSource().setUrlFile(missing))
        .isInstanceOf(SQLException.class)
        .hasMessage("postgres-db-url: the file '%s' cannot be read (NoSuchFileException)", missing);
  }

  @Test
  void aFaultOfTheContentDoesNotRepeatIt() throws IOException {
    String file = Files.writeString(folder.resolve("url"), "mysql://ann:s3cret@db").toString();

    assertThatThrownBy(() -> new UrlDataSource().setUrlFile(file))
        .isInstanceOf(SQLException.class)
        .hasMessageStartingWith("postgres-db-url: ")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void withoutAnyUrlItSaysSo() {
    assertThatThrownBy(() -> new UrlDataSource().getConnection())
        .isInstanceOf(SQLException.class)
        .hasMessage("Neither the property url nor urlFile is set");
  }
}
