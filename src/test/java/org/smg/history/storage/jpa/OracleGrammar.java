package org.smg.history.storage.jpa;

import io.github.melin.superior.parser.oracle.antlr4.OracleLexer;
import io.github.melin.superior.parser.oracle.antlr4.OracleParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;

/** Checks SQL by a grammar of Oracle's, and what that grammar is too lenient about. */
final class OracleGrammar {

  private static final Set<String> TYPES = Set.of("VARCHAR2", "NUMBER", "CLOB");

  /** A column in a CREATE TABLE of these scripts. */
  private static final Pattern COLUMN =
      Pattern.compile("^  (?!PRIMARY |UNIQUE |CONSTRAINT )(\\w+) +(\\w+)", Pattern.MULTILINE);

  /** The words that no name may be, without quotes. */
  private static final Set<String> RESERVED =
      Set.of(
          """
          ACCESS ADD ALL ALTER AND ANY AS ASC AUDIT BETWEEN BY CHAR CHECK CLUSTER COLUMN COLUMN_VALUE
          COMMENT COMPRESS CONNECT CREATE CURRENT DATE DECIMAL DEFAULT DELETE DESC DISTINCT DROP ELSE
          EXCLUSIVE EXISTS FILE FLOAT FOR FROM GRANT GROUP HAVING IDENTIFIED IMMEDIATE IN INCREMENT
          INDEX INITIAL INSERT INTEGER INTERSECT INTO IS LEVEL LIKE LOCK LONG MAXEXTENTS MINUS
          MLSLABEL MODE MODIFY NESTED_TABLE_ID NOAUDIT NOCOMPRESS NOT NOWAIT NULL NUMBER OF OFFLINE ON
          ONLINE OPTION OR ORDER PCTFREE PRIOR PUBLIC RAW RENAME RESOURCE REVOKE ROW ROWID ROWNUM ROWS
          SELECT SESSION SET SHARE SIZE SMALLINT START SUCCESSFUL SYNONYM SYSDATE TABLE THEN TO
          TRIGGER UID UNION UNIQUE UPDATE USER VALIDATE VALUES VARCHAR VARCHAR2 VIEW WHENEVER WHERE
          WITH
          """
              .strip()
              .split("\\s+"));

  private OracleGrammar() {}

  /** What is wrong with a statement or a script; empty if nothing is. */
  static List<String> faults(String sql) {
    List<String> faults = new ArrayList<>();
    BaseErrorListener listener =
        new BaseErrorListener() {
          @Override
          public void syntaxError(
              Recognizer<?, ?> recognizer,
              Object symbol,
              int line,
              int column,
              String message,
              RecognitionException e) {
            faults.add("%d:%d %s in %s".formatted(line, column, message, sql));
          }
        };
    OracleLexer lexer =
        new OracleLexer(CharStreams.fromString(known(sql).toUpperCase(Locale.ROOT)));
    OracleParser parser = new OracleParser(new CommonTokenStream(lexer));
    lexer.removeErrorListeners();
    parser.removeErrorListeners();
    lexer.addErrorListener(listener);
    parser.addErrorListener(listener);
    parser.sql_script();
    if (sql.startsWith("CREATE TABLE")) {
      Matcher column = COLUMN.matcher(sql);
      while (column.find()) {
        if (RESERVED.contains(column.group(1).toUpperCase(Locale.ROOT))) {
          faults.add("reserved word " + column.group(1));
        }
        if (!TYPES.contains(column.group(2).toUpperCase(Locale.ROOT))) {
          faults.add("type " + column.group(2));
        }
      }
    }
    return faults;
  }

  /** Without what Oracle has had since 11g, and the grammar has not: expressions of columns. */
  private static String known(String sql) {
    return sql.replaceAll(" GENERATED ALWAYS AS \\(FLOOR\\([a-z_]+ / \\d+\\)\\)", "");
  }

  /**
   * The statements of a script. Each ends with a semicolon at the end of a line, or, in a script
   * with blocks of PL/SQL, with a line that has a slash alone.
   */
  static List<String> statements(String script) {
    List<String> statements = new ArrayList<>();
    boolean blocks = script.contains("\n/\n");
    for (String part : script.split(blocks ? "(?m)^/$" : ";\\s*(\n|$)")) {
      String statement = part.replaceAll("(?m)^--.*\n?", "").strip();
      if (!statement.isEmpty()) {
        statements.add(statement);
      }
    }
    return statements;
  }

  /** Names that a script gives to tables, views, indexes, columns and constraints. */
  static Set<String> names(String script) {
    Set<String> names = new TreeSet<>();
    Matcher named = Pattern.compile("(?:TABLE|VIEW|INDEX|CONSTRAINT) (\\w+)").matcher(script);
    while (named.find()) {
      names.add(named.group(1));
    }
    return names;
  }
}
