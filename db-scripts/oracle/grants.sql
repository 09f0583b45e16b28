-- What the user of the servers may do: read and write rows, and nothing else. Run as the owner of
-- the tables, after each script.

GRANT SELECT ON history_schema TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_labels TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON items TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON responses TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON response_labels TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON response_item_ids TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON feedback TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON stored_bytes TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON purges TO history_app;
GRANT SELECT, UPDATE ON purge_lease TO history_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON server_leases TO history_app;

-- Only with row-security.sql:
-- GRANT SELECT, INSERT ON tenants TO history_app;
