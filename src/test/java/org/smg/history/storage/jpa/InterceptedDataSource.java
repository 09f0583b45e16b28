package org.smg.history.storage.jpa;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** A data source whose statements and errors a test can replace. */
final class InterceptedDataSource {

  private final UnaryOperator<String> statements;
  private final UnaryOperator<SQLException> errors;

  private InterceptedDataSource(
      UnaryOperator<String> statements, UnaryOperator<SQLException> errors) {
    this.statements = statements;
    this.errors = errors;
  }

  static DataSource dataSource(
      DataSource source, UnaryOperator<String> statements, UnaryOperator<SQLException> errors) {
    return new InterceptedDataSource(statements, errors).intercept(DataSource.class, source);
  }

  private <T> T intercept(Class<T> type, T target) {
    InvocationHandler handler =
        (self, method, arguments) -> {
          if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
            boolean sends =
                target instanceof Connection && method.getName().startsWith("prepare")
                    || target instanceof Statement && method.getName().startsWith("execute");
            arguments[0] = sends ? statements.apply(sql) : sql;
          }
          try {
            Object result = method.invoke(target, arguments);
            if (result instanceof Connection connection && !method.getName().equals("unwrap")) {
              return intercept(Connection.class, connection);
            }
            if (result instanceof PreparedStatement statement) {
              return intercept(PreparedStatement.class, statement);
            }
            return result instanceof Statement statement
                ? intercept(Statement.class, statement)
                : result;
          } catch (InvocationTargetException e) {
            throw e.getCause() instanceof SQLException error ? errors.apply(error) : e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(
            InterceptedDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
