package org.smg.history.storage.jpa;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;

/** Records what is sent to a database: each round trip and, on demand, the plan of each query. */
final class StatementLog {

  private static final Set<String> ROUND_TRIPS =
      Set.of("execute", "executeQuery", "executeUpdate", "executeBatch");

  private final List<String> roundTrips = new ArrayList<>();
  private final List<String> plans = new ArrayList<>();
  private boolean explaining;

  /** The same database; what is sent to it is recorded. */
  DataSource observe(DataSource database) {
    return proxy(
        DataSource.class,
        (self, method, arguments) -> {
          Object result = call(database, method, arguments);
          return result instanceof Connection connection ? connection(connection) : result;
        });
  }

  /** Forgets what was recorded. */
  void clear() {
    roundTrips.clear();
    plans.clear();
  }

  /** Statements, batches and ends of transactions, in order. */
  List<String> roundTrips() {
    return List.copyOf(roundTrips);
  }

  void explain(boolean on) {
    explaining = on;
  }

  /** A plan for each statement. */
  List<String> plans() {
    return List.copyOf(plans);
  }

  private Connection connection(Connection connection) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          if (Set.of("commit", "rollback").contains(method.getName())) {
            roundTrips.add(method.getName());
          }
          Object result = call(connection, method, arguments);
          if (method.getName().equals("prepareStatement")) {
            return statement(connection, (PreparedStatement) result, (String) arguments[0]);
          }
          return result;
        });
  }

  private PreparedStatement statement(
      Connection connection, PreparedStatement statement, String sql) {
    TreeMap<Integer, Object> parameters = new TreeMap<>();
    return proxy(
        PreparedStatement.class,
        (self, method, arguments) -> {
          if (method.getName().startsWith("set") && arguments.length == 2) {
            boolean absent = method.getName().equals("setNull");
            parameters.put((Integer) arguments[0], absent ? null : arguments[1]);
          }
          if (ROUND_TRIPS.contains(method.getName())) {
            roundTrips.add(sql);
            if (explaining) {
              explain(connection, sql, new ArrayList<>(parameters.values()));
            }
          }
          return call(statement, method, arguments);
        });
  }

  private void explain(Connection connection, String text, List<Object> parameters)
      throws SQLException {
    int used = 0;
    for (String sql : text.split(";\\s*")) {
      int wanted = (int) sql.chars().filter(c -> c == '?').count();
      try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + sql)) {
        for (int i = 0; i < wanted; i++) {
          explain.setObject(i + 1, parameters.get(used + i));
        }
        StringBuilder plan = new StringBuilder(sql).append('\n');
        try (ResultSet rows = explain.executeQuery()) {
          while (rows.next()) {
            plan.append(rows.getString(1)).append('\n');
          }
        }
        plans.add(plan.toString());
      }
      used += wanted;
    }
  }

  /** Calls the object that a proxy stands for. */
  static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Makes an object that stands for a part of JDBC. */
  static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            StatementLog.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
