-- Chat history on Oracle 19c and later, version 4: responses that are still being made. Run as the owner
-- of the schema, after V3__retention.sql; then run grants.sql again, and row-security.sql where it was
-- run. It only adds: servers of version 3 go on until they are started again. Set model-server-url when
-- none of them is left, because they do not know what has a run.
-- It locks responses against writes while their index is made.

ALTER TABLE conversations ADD (run_id VARCHAR2(255 CHAR), run_items CLOB);
COMMENT ON COLUMN conversations.run_id IS 'The response that is being made in it; null where none is';
COMMENT ON COLUMN conversations.run_items IS 'The ids of that response''s input, one on a line, which nobody else can use in it meanwhile';
CREATE INDEX responses_server ON responses (server_id);

-- No policy covers this table: it has no content.
CREATE TABLE server_leases (
  server      VARCHAR2(255 CHAR) NOT NULL,
  expires_at  NUMBER(19) NOT NULL,
  PRIMARY KEY (server)
);
COMMENT ON TABLE server_leases IS 'Which servers run, so that others end the runs of those that do not';
COMMENT ON COLUMN server_leases.server IS 'The server, by a name that it drew at its start';
COMMENT ON COLUMN server_leases.expires_at IS 'Until when, by the database''s clock, in microseconds';

-- Last, so that a schema that was left half made is not taken for a whole one.
INSERT INTO history_schema (version) VALUES (4);
