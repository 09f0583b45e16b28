-- UNPROVEN: this script has not been run on a real Oracle yet. Try it on a copy first.
-- Optional: the database itself keeps tenants apart (Virtual Private Database, which Enterprise
-- Edition and Autonomous Databases have), for servers with history-row-security=true. Run by an
-- administrator who connects as, or has set CURRENT_SCHEMA to, the owner of the tables and may
-- execute DBMS_RLS, after the numbered scripts; then run grants.sql again. Stop the servers before. To be
-- run again after each later script, because it covers all tables that are there; running it twice
-- changes nothing.
-- The driver sets the value history_tenant in the context CLIENTCONTEXT with the first statement of
-- each unit of work. Where it is not set, nothing is seen. Users with EXEMPT ACCESS POLICY see
-- everything; Data Pump needs it.
-- To undo it, call DBMS_RLS.DROP_POLICY(owner, table_name, 'HISTORY_TENANT') for each table.

BEGIN
  FOR missing IN (SELECT 1 FROM dual WHERE NOT EXISTS (SELECT 1 FROM all_tables WHERE owner = SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') AND table_name = 'TENANTS'))
  LOOP
    EXECUTE IMMEDIATE 'CREATE TABLE tenants (tenant VARCHAR2(255 CHAR) NOT NULL PRIMARY KEY)';
    EXECUTE IMMEDIATE 'COMMENT ON TABLE tenants IS ''Who has or had history here, so that jobs can go from tenant to tenant''';
    EXECUTE IMMEDIATE 'INSERT INTO tenants (tenant) SELECT tenant FROM conversations UNION SELECT tenant FROM responses UNION SELECT tenant FROM idempotency_keys';
    EXECUTE IMMEDIATE 'CREATE INDEX idempotency_keys_tenant ON idempotency_keys (tenant, recorded_at)';
  END LOOP;
END;
/
CREATE OR REPLACE FUNCTION history_tenant_condition (schema_name VARCHAR2, table_name VARCHAR2) RETURN VARCHAR2 IS
BEGIN
  RETURN 'tenant = SYS_CONTEXT(''CLIENTCONTEXT'', ''history_tenant'')';
END;
/
DECLARE
  history_owner VARCHAR2(128) := SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA');
BEGIN
  FOR old IN (SELECT object_name FROM all_policies WHERE object_owner = history_owner AND policy_name = 'HISTORY_TENANT')
  LOOP
    DBMS_RLS.DROP_POLICY(history_owner, old.object_name, 'HISTORY_TENANT');
  END LOOP;
  FOR covered IN (SELECT c.table_name FROM all_tab_columns c JOIN all_tables t ON t.owner = c.owner AND t.table_name = c.table_name
                  WHERE c.owner = history_owner AND c.column_name = 'TENANT' AND c.table_name <> 'TENANTS')
  LOOP
    DBMS_RLS.ADD_POLICY(
      object_schema => history_owner, object_name => covered.table_name, policy_name => 'HISTORY_TENANT',
      function_schema => history_owner, policy_function => 'HISTORY_TENANT_CONDITION',
      statement_types => 'SELECT, INSERT, UPDATE, DELETE', update_check => TRUE,
      policy_type => DBMS_RLS.SHARED_STATIC);
  END LOOP;
END;
/
