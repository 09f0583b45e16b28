package org.smg.history.storage.jpa.dialect;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.smg.history.model.JsonText;

/**
 * One statement and its parameters, in the order of its question marks.
 *
 * @param parameters texts, numbers, arrays of them, or {@link Null}
 */
public record Sql(String text, List<Object> parameters) {

  /** An absent value; drivers have to be told of which type. */
  private enum Null {
    TEXT(Types.VARCHAR),
    NUMBER(Types.BIGINT);

    private final int type;

    Null(int type) {
      this.type = type;
    }
  }

  public Sql {
    parameters = List.copyOf(parameters);
  }

  /** A statement whose absent values have been marked by {@link #text} and {@link #number}. */
  public static Sql of(String text, Object... parameters) {
    return new Sql(text, Arrays.asList(parameters));
  }

  /** The value of a column with text, which may be null. */
  public static Object text(String value) {
    return value == null ? Null.TEXT : value;
  }

  /** The value of a column with JSON, which may be null. */
  public static Object text(JsonText value) {
    return value == null ? Null.TEXT : value.toString();
  }

  /** The value of a column with a number, which may be null. */
  public static Object number(Long value) {
    return value == null ? Null.NUMBER : value;
  }

  /** The same statement, which continues. */
  public Sql then(String more, Object... moreParameters) {
    return new Sql(
        text + more, Stream.concat(parameters.stream(), Stream.of(moreParameters)).toList());
  }

  /** The same statement, which continues with another one. */
  public Sql then(Sql more) {
    return then(more.text, more.parameters.toArray());
  }

  /** Statements that are sent as one text. */
  static Sql joined(List<Sql> statements) {
    List<String> texts = new ArrayList<>();
    List<Object> all = new ArrayList<>();
    for (Sql statement : statements) {
      texts.add(statement.text);
      all.addAll(statement.parameters);
    }
    return new Sql(String.join(";\n", texts), all);
  }

  void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i) instanceof Null absent) {
        statement.setNull(i + 1, absent.type);
      } else {
        statement.setObject(i + 1, parameters.get(i));
      }
    }
  }
}
