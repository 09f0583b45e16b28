-- Separates the owner of the tables from the user of the servers. Run once by an administrator of
-- the database, in the database and the schema that the history is to have, before the first
-- script; then run the scripts as history_owner (SET ROLE history_owner), and give history_app a
-- password (\password history_app) for postgres-db-url.

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'history_owner') THEN
    CREATE ROLE history_owner NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'history_app') THEN
    CREATE ROLE history_app LOGIN;
  END IF;
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
  EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO history_owner', current_schema());
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO history_app', current_schema());
  -- What the owner makes from now on, the servers may read and write.
  EXECUTE format(
    'ALTER DEFAULT PRIVILEGES FOR ROLE history_owner IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO history_app',
    current_schema());
END
$$;
