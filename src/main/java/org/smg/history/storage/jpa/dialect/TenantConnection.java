package org.smg.history.storage.jpa.dialect;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A connection to PostgreSQL that names a tenant before each prepared statement. The driver sends
 * both in one round trip, and the server runs them in one transaction, at whose end it forgets the
 * tenant. So a pool cannot carry it on. Whatever else is run on the connection names no tenant.
 *
 * <p>The only class with dynamic proxies: written out, these two interfaces of JDBC are 170 methods
 * that pass their arguments on.
 */
final class TenantConnection {

  /** The last argument: for this transaction only. */
  private static final String NAME_TENANT = "SELECT set_config('history.tenant', ?, true);\n";

  private TenantConnection() {}

  static Connection of(Connection connection, String tenant) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          if (!method.getName().equals("prepareStatement")) {
            return call(connection, method, arguments);
          }
          arguments[0] = NAME_TENANT + arguments[0];
          return statement((PreparedStatement) call(connection, method, arguments), tenant);
        });
  }

  /** Hides the tenant, which is the first parameter, and its result, which is the first one. */
  private static PreparedStatement statement(PreparedStatement statement, String tenant) {
    return proxy(
        PreparedStatement.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "execute":
              return execute(statement, tenant);
            case "executeQuery":
              execute(statement, tenant);
              return statement.getResultSet();
            case "executeUpdate":
              execute(statement, tenant);
              return statement.getUpdateCount();
            default:
              if (setsParameter(method)) {
                arguments[0] = (int) arguments[0] + 1;
              }
              return call(statement, method, arguments);
          }
        });
  }

  private static boolean setsParameter(Method method) {
    return method.getName().startsWith("set") && method.getParameterCount() > 1;
  }

  private static boolean execute(PreparedStatement statement, String tenant) throws SQLException {
    statement.setString(1, tenant);
    statement.execute();
    return statement.getMoreResults();
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    ClassLoader loader = TenantConnection.class.getClassLoader();
    return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, handler));
  }
}
