package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Looks whether the policies of {@code row-security.sql} hold for the connecting user. */
final class PostgresRowSecurity {

  /** Tables without content; every other one has to be covered, whoever made it. */
  private static final String TABLES =
      """
      SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
        AND c.relname NOT IN ('history_schema', 'flyway_schema_history', 'tenants', 'purge_lease', 'server_leases')""";

  /** In the order in which they are to be told. */
  private static final String FAULTS =
      """
      WITH tables AS (%s)
      SELECT 1, format('the user %%s bypasses row security, as superusers and roles with BYPASSRLS do; connect as another one', rolname)
      FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)
      UNION ALL
      SELECT 2, 'the table tenants is missing; run db-scripts/postgres/row-security.sql'
      WHERE to_regclass('tenants') IS NULL
      UNION ALL
      SELECT 3, format('the table %%s is not covered by row security; run db-scripts/postgres/row-security.sql', t.relname)
      FROM tables t
      WHERE NOT row_security_active(t.oid) OR NOT EXISTS (
        SELECT 1 FROM pg_policy p
        WHERE p.polrelid = t.oid AND p.polname = 'history_tenant' AND p.polcmd = '*'
          AND p.polwithcheck IS NULL
          AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%current_setting(''history.tenant''%%')
      UNION ALL
      SELECT 4, format('the policy %%s on the table %%s shows the user more rows than those of one tenant; drop it or give it to another role', p.polname, t.relname)
      FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
      WHERE p.polname <> 'history_tenant' AND p.polpermissive AND EXISTS (
        SELECT 1 FROM unnest(p.polroles) AS r (role)
        WHERE r.role = 0 OR pg_has_role(r.role, 'USAGE'))
      UNION ALL
      SELECT 5, format('the view %%s belongs to %%s, who bypasses row security; make another role its owner', c.relname, r.rolname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
      WHERE n.nspname = current_schema() AND c.relkind IN ('v', 'm')
        AND (r.rolsuper OR r.rolbypassrls) AND has_table_privilege(c.oid, 'SELECT')
      ORDER BY 1, 2"""
          .formatted(TABLES);

  private static final String COVERED =
      """
      WITH tables AS (%s)
      SELECT 1, format('the table %%s is covered by row security; set history-row-security=true, or undo row-security.sql', t.relname)
      FROM tables t WHERE row_security_active(t.oid) ORDER BY 2"""
          .formatted(TABLES);

  private static final String PROBE = "probe";

  private static final String NAMED =
      "SELECT current_setting('history.tenant', true) WHERE ? = CAST('probe' AS varchar)";

  /** More than the driver waits for before it prepares a statement on the server. */
  private static final int PROBES = 10;

  private PostgresRowSecurity() {}

  /** The first fault, if there is one. */
  static Optional<String> fault(Connection connection, boolean wanted) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(wanted ? FAULTS : COVERED);
        ResultSet faults = query.executeQuery()) {
      if (faults.next()) {
        return Optional.of(faults.getString(2));
      }
    }
    return wanted && !reachesStatements(connection)
        ? Optional.of(
            "the driver or a proxy separates statements that are sent together, so that they do not"
                + " see the tenant; remove stringtype=unspecified from the URL")
        : Optional.empty();
  }

  /** Whether each statement finds the tenant that is named before it, also once it is prepared. */
  private static boolean reachesStatements(Connection connection) throws SQLException {
    Connection named = TenantConnection.of(connection, PROBE);
    for (int i = 0; i < PROBES; i++) {
      try (PreparedStatement query = named.prepareStatement(NAMED)) {
        query.setString(1, PROBE);
        try (ResultSet rows = query.executeQuery()) {
          if (!rows.next() || !PROBE.equals(rows.getString(1))) {
            return false;
          }
        }
      }
    }
    return true;
  }
}
