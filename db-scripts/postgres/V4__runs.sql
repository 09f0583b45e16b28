-- Chat history on PostgreSQL, version 4: responses that are still being made. Run as the owner of the
-- schema, after V3__retention.sql; with row security, row-security.sql again after it. It only adds:
-- servers of version 3 go on until they are started again. Set model-server-url when none of them is
-- left, because they do not know what has a run.
-- It locks responses against writes while their index is made. Where that takes too long, make the index
-- before, with
--   CREATE INDEX CONCURRENTLY responses_server ON responses (server_id) WHERE server_id IS NOT NULL

ALTER TABLE conversations
  ADD COLUMN run_id varchar(255) COLLATE "C",
  ADD COLUMN run_items text;
COMMENT ON COLUMN conversations.run_id IS 'The response that is being made in it; null where none is';
COMMENT ON COLUMN conversations.run_items IS 'The ids of that response''s input, one on a line, which nobody else can use in it meanwhile';
CREATE INDEX IF NOT EXISTS responses_server ON responses (server_id) WHERE server_id IS NOT NULL;

-- No policy covers this table: it has no content.
CREATE TABLE server_leases (
  server      varchar(255) COLLATE "C" NOT NULL,
  expires_at  bigint NOT NULL,
  PRIMARY KEY (server)
);
COMMENT ON TABLE server_leases IS 'Which servers run, so that others end the runs of those that do not';
COMMENT ON COLUMN server_leases.server IS 'The server, by a name that it drew at its start';
COMMENT ON COLUMN server_leases.expires_at IS 'Until when, by the database''s clock, in microseconds';

-- Last, so that a schema that was left half made is not taken for a whole one.
INSERT INTO history_schema (version) VALUES (4);
