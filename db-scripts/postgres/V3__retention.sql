-- Chat history on PostgreSQL, version 3: what the purge needs to remove what is due. Run as the owner of
-- the schema, after V2__stored_bytes.sql; with row security, row-security.sql again after it. It only
-- adds: servers of version 2 go on until they are started again. Set history-retention-days when none of
-- them is left, because they do not know what is due.
-- It rewrites the table conversations (not their items) and locks it meanwhile, and it locks responses
-- against writes while their index is made. Where that takes too long, make the index before, with
--   CREATE INDEX CONCURRENTLY responses_recorded ON responses (tenant, recorded_at)

ALTER TABLE conversations ADD COLUMN updated_day bigint GENERATED ALWAYS AS (updated_at / 86400000000) STORED;
COMMENT ON COLUMN conversations.updated_day IS 'The day of the last update, in days since 1970; indexed in place of updated_at, because it changes once a day';
COMMENT ON COLUMN conversations.updated_at IS 'When items or metadata last changed, in microseconds; not indexed, so that an append changes no index of this table. Before all times once its removal has begun';
CREATE INDEX conversations_updated ON conversations (tenant, updated_day);
CREATE INDEX IF NOT EXISTS responses_recorded ON responses (tenant, recorded_at);

CREATE TABLE purges (
  tenant         varchar(255) COLLATE "C" NOT NULL,
  ran_at         bigint NOT NULL,
  conversations  bigint NOT NULL,
  items          bigint NOT NULL,
  responses      bigint NOT NULL,
  feedback       bigint NOT NULL,
  PRIMARY KEY (tenant)
);
COMMENT ON TABLE purges IS 'The last purge of each tenant';
COMMENT ON COLUMN purges.tenant IS 'Whose data it is';
COMMENT ON COLUMN purges.ran_at IS 'When it ended, in microseconds';
COMMENT ON COLUMN purges.conversations IS 'How many it removed';
COMMENT ON COLUMN purges.items IS 'How many of these conversations it removed';
COMMENT ON COLUMN purges.responses IS 'How many it removed';
COMMENT ON COLUMN purges.feedback IS 'How many about these responses it removed';

-- One row. No policy covers this table: it has no content.
CREATE TABLE purge_lease (
  id          integer NOT NULL,
  holder      varchar(255) COLLATE "C",
  expires_at  bigint NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE purge_lease IS 'Which server may purge, so that one does at a time';
COMMENT ON COLUMN purge_lease.id IS 'Always 1';
COMMENT ON COLUMN purge_lease.holder IS 'The server, by a name that it drew at its start';
COMMENT ON COLUMN purge_lease.expires_at IS 'Until when, by the database''s clock, in microseconds';
INSERT INTO purge_lease (id, holder, expires_at) VALUES (1, NULL, 0);

-- Last, so that a schema that was left half made is not taken for a whole one.
INSERT INTO history_schema (version) VALUES (3);
