package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.oracle.OracleLogin;

/** Checks the scripts for Oracle by Oracle's grammar and limits. */
class OracleScriptsTest {

  private static final Path SCRIPTS = Path.of("db-scripts");
  private static final int BYTES_OF_A_CHARACTER = 4;
  private static final int BYTES_OF_A_NUMBER = 22;

  /** A column's length, at most, and the row's address. */
  private static final int BYTES_BESIDE_A_COLUMN = 3;

  private static final int BYTES_OF_A_ROWID = 10;

  /** The longest entry that an index in blocks of 8 KB has while it is rebuilt online. */
  private static final int LONGEST_ENTRY = 3_215;

  private static final int LONGEST_VARCHAR2 = 4_000;

  private static final int LONGEST_NAME = 128;

  /** The words that Oracle's SQL Language Reference says cannot be names. */
  private static final List<String> RESERVED_WORDS =
      List.of(
          """
          ACCESS ADD ALL ALTER AND ANY AS ASC AUDIT BETWEEN BY CHAR CHECK CLUSTER COLUMN \
          COLUMN_VALUE COMMENT COMPRESS CONNECT CREATE CURRENT DATE DECIMAL DEFAULT DELETE DESC \
          DISTINCT DROP ELSE EXCLUSIVE EXISTS FILE FLOAT FOR FROM GRANT GROUP HAVING IDENTIFIED \
          IMMEDIATE IN INCREMENT INDEX INITIAL INSERT INTEGER INTERSECT INTO IS LEVEL LIKE LOCK \
          LONG MAXEXTENTS MINUS MLSLABEL MODE MODIFY NESTED_TABLE_ID NOAUDIT NOCOMPRESS NOT \
          NOWAIT NULL NUMBER OF OFFLINE ON ONLINE OPTION OR ORDER PCTFREE PRIOR PUBLIC RAW \
          RENAME RESOURCE REVOKE ROW ROWID ROWNUM ROWS SELECT SESSION SET SHARE SIZE SMALLINT \
          START SUCCESSFUL SYNONYM SYSDATE TABLE THEN TO TRIGGER UID UNION UNIQUE UPDATE USER \
          VALIDATE VALUES VARCHAR VARCHAR2 VIEW WHENEVER WHERE WITH"""
              .split(" "));

  static Stream<Path> scripts() throws IOException {
    return Files.list(SCRIPTS.resolve("oracle")).sorted();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyStatementIsOracles(Path script) {
    List<String> statements = OracleGrammar.statements(read(script));

    assertThat(statements).isNotEmpty();
    assertThat(statements).flatMap(OracleGrammar::faults).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT FROM items",
        "CREATE TABLE a (\n  b text\n)",
        "CREATE TABLE a (\n  comment CLOB\n)",
        "SELECT * FROM items LIMIT 1",
        "UPDATE a SET b = 1 RETURNING b",
        "WITH RECURSIVE a AS (SELECT 1 FROM dual) SELECT * FROM a",
        "INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING"
      })
  void whatIsNotOraclesIsNoticed(String sql) {
    assertThat(OracleGrammar.faults(sql)).isNotEmpty();
  }

  /** SQL*Plus ends a statement at an empty line, and asks for a value at an ampersand. */
  @ParameterizedTest
  @MethodSource("scripts")
  void everyScriptRunsInSqlPlus(Path script) {
    String text = read(script).replaceAll("(?m)^--.*\n", "");

    assertThat(text.replaceAll("&[a-z_]+\\b", "")).doesNotContain("&");
    assertThat(Stream.of(text.split(";\\s*\n")).map(String::strip))
        .noneMatch(s -> s.contains("\n\n"));
  }

  @Test
  void sessionsAreToldOraclesStatements() {
    OracleLogin login = new OracleLogin("", "", "//db/s", "u", "p", false, "HISTORY_OWNER", 30);

    assertThat(login.session()).hasSize(2).flatMap(OracleGrammar::faults).isEmpty();
    assertThat(login.session())
        .last()
        .isEqualTo("ALTER SESSION SET CURRENT_SCHEMA = HISTORY_OWNER");
  }

  @Test
  void bothDatabasesHaveTheSameTablesAndColumnsInTheSameOrder() {
    assertThat(List.copyOf(columns("oracle").entrySet()))
        .hasSize(13)
        .isEqualTo(List.copyOf(columns("postgres").entrySet()));
  }

  @Test
  void bothDatabasesHaveTheSameKeysIndexesViewsAndCommentsOnTables() {
    assertThat(keys("oracle")).isNotEmpty().isEqualTo(keys("postgres"));
    assertThat(comments("oracle")).isNotEmpty().isEqualTo(comments("postgres"));
    assertThat(OracleGrammar.names(numbered("oracle")))
        .containsExactlyElementsOf(OracleGrammar.names(numbered("postgres")));
  }

  @Test
  void noEntryOfAnIndexIsTooLong() {
    Map<String, Integer> bytes = bytes();
    List<Integer> lengths = new ArrayList<>();
    Matcher index =
        Pattern.compile("(?:PRIMARY KEY|UNIQUE|ON \\w+) \\(([\\w, ]+)\\)")
            .matcher(numbered("oracle"));
    while (index.find()) {
      int length = BYTES_OF_A_ROWID;
      for (String column : index.group(1).split(", ")) {
        length += BYTES_BESIDE_A_COLUMN + bytes.get(column);
      }
      lengths.add(length);
    }

    assertThat(lengths).hasSizeGreaterThan(20).allMatch(length -> length <= LONGEST_ENTRY);
    assertThat(lengths.stream().max(Integer::compare)).hasValue(3_134);
  }

  @Test
  void noNameIsTooLongOrAWordOfOraclesOwn() {
    List<String> names =
        Pattern.compile(
                "(?m)(?:CREATE (?:TABLE|VIEW|INDEX)|CONSTRAINT|\\) AS|^  (?=\\w+ +(?:VARCHAR2|NUMBER|CLOB))) *(\\w+)")
            .matcher(numbered("oracle"))
            .results()
            .map(name -> name.group(1).toUpperCase(Locale.ROOT))
            .toList();

    assertThat(names).contains("ITEMS", "COMMENT_TEXT", "TOOK", "FEEDBACK_AUTHOR");
    assertThat(names).allMatch(name -> name.length() <= LONGEST_NAME);
    assertThat(names).doesNotContainAnyElementsOf(RESERVED_WORDS);
  }

  @Test
  void noTextIsLongerThanAVarchar2CanBe() {
    assertThat(bytes().values()).allMatch(length -> length <= LONGEST_VARCHAR2);
    assertThat(numbered("oracle"))
        .as("lengths are in characters")
        .doesNotContainPattern("VARCHAR2\\(\\d+\\)");
  }

  /** The longest value of every column but CLOBs, in bytes. */
  private static Map<String, Integer> bytes() {
    Map<String, Integer> bytes = new LinkedHashMap<>();
    Matcher column =
        Pattern.compile(
                "(?m)^(?:  |ALTER TABLE \\w+ ADD \\()(\\w+) +(VARCHAR2\\((\\d+) CHAR\\)|NUMBER)")
            .matcher(numbered("oracle"));
    while (column.find()) {
      bytes.put(
          column.group(1),
          column.group(3) == null
              ? BYTES_OF_A_NUMBER
              : BYTES_OF_A_CHARACTER * Integer.parseInt(column.group(3)));
    }
    return bytes;
  }

  /** Columns by table, and whether a value must be there. */
  private static Map<String, List<String>> columns(String database) {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    Matcher table =
        Pattern.compile("CREATE TABLE (\\w+) \\(\n(.*?)\n\\)", Pattern.DOTALL)
            .matcher(numbered(database));
    while (table.find()) {
      tables.put(
          table.group(1),
          table
              .group(2)
              .lines()
              .filter(line -> !line.matches("  (PRIMARY KEY|UNIQUE|CONSTRAINT).*"))
              .map(line -> line.strip().split(" ")[0] + line.contains("NOT NULL"))
              .toList());
    }
    return tables;
  }

  /** Oracle leaves rows out of an index if all of its columns are null, and has no partial ones. */
  private static List<String> keys(String database) {
    return numbered(database)
        .lines()
        .filter(line -> line.matches("(  (PRIMARY KEY|UNIQUE|CONSTRAINT)|CREATE INDEX).*"))
        .map(line -> line.replaceAll(" WHERE \\w+ IS NOT NULL", ""))
        .toList();
  }

  private static List<String> comments(String database) {
    return numbered(database)
        .lines()
        .filter(line -> line.startsWith("COMMENT ON "))
        .filter(line -> !line.contains(" readable_"))
        .toList();
  }

  private static String numbered(String database) {
    return (read(SCRIPTS.resolve(database).resolve("V1__history.sql"))
            + read(SCRIPTS.resolve(database).resolve("V2__stored_bytes.sql"))
            + read(SCRIPTS.resolve(database).resolve("V3__retention.sql"))
            + read(SCRIPTS.resolve(database).resolve("V4__runs.sql")))
        // PostgreSQL's, for an index that a DBA has made before.
        .replace("INDEX IF NOT EXISTS", "INDEX")
        .replace("INDEX CONCURRENTLY", "INDEX");
  }

  private static String read(Path script) {
    try {
      return Files.readString(script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
