-- Optional: the database itself keeps tenants apart, for servers with history-row-security=true.
-- Run by an administrator or the owner of the tables, in their schema, after the first start or
-- after the numbered scripts. Stop the servers before: until they are started again with the option,
-- they see nothing. To be run again after each later script, because it covers all tables that are
-- there; running it twice changes nothing.
--
-- A session sees and writes the rows of the tenant that it names by
--   SELECT set_config('history.tenant', 'acme', true)
-- in the same transaction. Where none is named it sees nothing. FORCE is for the owner of the
-- tables. Superusers and roles with BYPASSRLS see everything; pg_dump needs such a role.
--
-- To undo it, run this with NO FORCE and DISABLE in place of FORCE and ENABLE.

BEGIN;

-- What is made here belongs to the owner of the tables, whoever runs the script.
DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I',
    (SELECT tableowner FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'conversations'));
END
$$;

-- No policy covers this table: it has no content.
CREATE TABLE IF NOT EXISTS tenants (
  tenant  varchar(255) COLLATE "C" NOT NULL PRIMARY KEY
);
COMMENT ON TABLE tenants IS 'Who has or had history here, so that jobs can go from tenant to tenant';
COMMENT ON COLUMN tenants.tenant IS 'The name';
INSERT INTO tenants (tenant)
SELECT tenant FROM conversations UNION SELECT tenant FROM responses UNION SELECT tenant FROM idempotency_keys
ON CONFLICT DO NOTHING;

-- Old keys are removed tenant by tenant.
CREATE INDEX IF NOT EXISTS idempotency_keys_tenant ON idempotency_keys (tenant, recorded_at);

DO $$
DECLARE
  covered name;
BEGIN
  FOR covered IN
    SELECT c.relname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname <> 'tenants'
  LOOP
    EXECUTE format('DROP POLICY IF EXISTS history_tenant ON %I', covered);
    -- Once a transaction has named a tenant, the setting is an empty text after it.
    EXECUTE format(
      'CREATE POLICY history_tenant ON %I USING (tenant = NULLIF(current_setting(''history.tenant'', true), ''''))',
      covered);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', covered);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', covered);
  END LOOP;
END
$$;

COMMIT;
