-- Chat history on PostgreSQL, version 1. Run as the owner of the schema, into an empty schema.
-- Times are microseconds since 1970-01-01 00:00 UTC; the views at the end show them readably.
-- Ids are compared byte by byte (COLLATE "C"): the same order on every server, and the fastest.
-- Values of up to 512 characters that are filtered by are indexed without the id behind them,
-- so that an entry of the index never exceeds what a page can hold.

CREATE TABLE history_schema (
  version    integer NOT NULL PRIMARY KEY
);
COMMENT ON TABLE history_schema IS 'The versions of these scripts that were run, so that a server can tell whether it fits';
COMMENT ON COLUMN history_schema.version IS 'The number in the name of the script';

CREATE TABLE conversations (
  tenant         varchar(255) COLLATE "C" NOT NULL,
  id             varchar(255) COLLATE "C" NOT NULL,
  owner          varchar(512) COLLATE "C",
  created_at     bigint NOT NULL,
  updated_at     bigint NOT NULL,
  next_position  bigint NOT NULL,
  metadata       text NOT NULL,
  PRIMARY KEY (tenant, id)
) WITH (fillfactor = 80);
COMMENT ON TABLE conversations IS 'Ordered containers of items. An append locks its row';
COMMENT ON COLUMN conversations.tenant IS 'Whose data it is';
COMMENT ON COLUMN conversations.id IS 'The id that clients see';
COMMENT ON COLUMN conversations.owner IS 'The user who made it; null where callers are anonymous';
COMMENT ON COLUMN conversations.created_at IS 'When it was made, in microseconds';
COMMENT ON COLUMN conversations.updated_at IS 'When items or metadata last changed, in microseconds; not indexed, so that an append changes no index of this table';
COMMENT ON COLUMN conversations.next_position IS 'The position of the next item that is appended';
COMMENT ON COLUMN conversations.metadata IS 'The labels as a JSON object of strings';
CREATE INDEX conversations_created ON conversations (tenant, created_at, id);
CREATE INDEX conversations_owner ON conversations (tenant, owner, created_at) WHERE owner IS NOT NULL;

CREATE TABLE conversation_labels (
  tenant           varchar(255) COLLATE "C" NOT NULL,
  label            varchar(22) COLLATE "C" NOT NULL,
  created_at       bigint NOT NULL,
  conversation_id  varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, conversation_id, label)
);
COMMENT ON TABLE conversation_labels IS 'Finds conversations by their metadata: a row for each label';
COMMENT ON COLUMN conversation_labels.tenant IS 'Whose data it is';
COMMENT ON COLUMN conversation_labels.label IS 'A digest of the label''s key and value, which may be longer than an index entry';
COMMENT ON COLUMN conversation_labels.created_at IS 'The conversation''s, by which it is listed';
COMMENT ON COLUMN conversation_labels.conversation_id IS 'The conversation';
CREATE INDEX conversation_labels_label ON conversation_labels (tenant, label, created_at, conversation_id);

CREATE TABLE items (
  tenant           varchar(255) COLLATE "C" NOT NULL,
  conversation_id  varchar(255) COLLATE "C" NOT NULL,
  position         bigint NOT NULL,
  item_id          varchar(255) COLLATE "C" NOT NULL,
  type             varchar(512) COLLATE "C" NOT NULL,
  owner            varchar(512) COLLATE "C",
  response_id      varchar(255) COLLATE "C",
  stored_at        bigint NOT NULL,
  json             text NOT NULL,
  PRIMARY KEY (tenant, conversation_id, position),
  UNIQUE (tenant, item_id, conversation_id)
);
COMMENT ON TABLE items IS 'What conversations hold. Never updated; an item linked into a second conversation is a second row';
COMMENT ON COLUMN items.tenant IS 'Whose data it is';
COMMENT ON COLUMN items.conversation_id IS 'The conversation that holds it';
COMMENT ON COLUMN items.position IS 'Its place in the conversation, ascending, not without gaps';
COMMENT ON COLUMN items.item_id IS 'The id that clients see, unique in the conversation';
COMMENT ON COLUMN items.type IS 'The kind of item, such as message';
COMMENT ON COLUMN items.owner IS 'The user who recorded it; null where that is the conversation''s owner or nobody is known';
COMMENT ON COLUMN items.response_id IS 'The response that it came with, which may be deleted; null where it was posted';
COMMENT ON COLUMN items.stored_at IS 'When this content was first stored, in microseconds; a link carries it along';
COMMENT ON COLUMN items.json IS 'The whole item as it was sent';
CREATE INDEX items_owner ON items (owner) WHERE owner IS NOT NULL;

CREATE TABLE responses (
  tenant                varchar(255) COLLATE "C" NOT NULL,
  id                    varchar(255) COLLATE "C" NOT NULL,
  owner                 varchar(512) COLLATE "C",
  recorded_at           bigint NOT NULL,
  created_at            bigint NOT NULL,
  completed_at          bigint,
  status                varchar(16) COLLATE "C" NOT NULL,
  model                 varchar(512) COLLATE "C",
  conversation_id       varchar(255) COLLATE "C",
  previous_response_id  varchar(255) COLLATE "C",
  safety_identifier     varchar(512) COLLATE "C",
  end_user              varchar(512) COLLATE "C",
  input_tokens          bigint,
  cached_tokens         bigint,
  output_tokens         bigint,
  reasoning_tokens      bigint,
  total_tokens          bigint,
  server_id             varchar(255) COLLATE "C",
  run_token             varchar(255) COLLATE "C",
  metadata              text NOT NULL,
  fingerprint           text NOT NULL,
  input_items           text,
  input                 text,
  json                  text NOT NULL,
  PRIMARY KEY (tenant, id)
);
COMMENT ON TABLE responses IS 'The complete records of model calls. They outlive the conversation they were made in';
COMMENT ON COLUMN responses.tenant IS 'Whose data it is';
COMMENT ON COLUMN responses.id IS 'The id that clients see';
COMMENT ON COLUMN responses.owner IS 'The user who recorded it; null where callers are anonymous';
COMMENT ON COLUMN responses.recorded_at IS 'When it was recorded here, in microseconds';
COMMENT ON COLUMN responses.created_at IS 'When the model server made it, in microseconds';
COMMENT ON COLUMN responses.completed_at IS 'When the model server was done, in microseconds';
COMMENT ON COLUMN responses.status IS 'completed, incomplete, failed or cancelled; in_progress while it is made';
COMMENT ON COLUMN responses.model IS 'The model that answered';
COMMENT ON COLUMN responses.conversation_id IS 'The conversation it was made in, which may be deleted';
COMMENT ON COLUMN responses.previous_response_id IS 'The one before it in its chain, which may not be stored';
COMMENT ON COLUMN responses.safety_identifier IS 'The application''s mark of its user, for abuse';
COMMENT ON COLUMN responses.end_user IS 'The application''s name of its user';
COMMENT ON COLUMN responses.input_tokens IS 'All tokens of the input';
COMMENT ON COLUMN responses.cached_tokens IS 'Those of the input that came from a cache';
COMMENT ON COLUMN responses.output_tokens IS 'All tokens of the output';
COMMENT ON COLUMN responses.reasoning_tokens IS 'Those of the output that were spent on reasoning';
COMMENT ON COLUMN responses.total_tokens IS 'Input and output together';
COMMENT ON COLUMN responses.server_id IS 'The server that is still making it; null once it is finished';
COMMENT ON COLUMN responses.run_token IS 'What the server must show to finish it; null once it is finished';
COMMENT ON COLUMN responses.metadata IS 'The labels as a JSON object of strings';
COMMENT ON COLUMN responses.fingerprint IS 'Tells a repeated recording from a different one';
COMMENT ON COLUMN responses.input_items IS 'Where the items of the input are: a line for each with offset and length in bytes of UTF-8, id and type, separated by tabs';
COMMENT ON COLUMN responses.input IS 'What was sent to the model, as a JSON array of items; null where that was nothing';
COMMENT ON COLUMN responses.json IS 'The whole Response object as a retrieval answers it, the output included';
CREATE INDEX responses_created ON responses (tenant, created_at, recorded_at, id);
CREATE INDEX responses_owner ON responses (tenant, owner, created_at, recorded_at) WHERE owner IS NOT NULL;
CREATE INDEX responses_model ON responses (tenant, model, created_at, recorded_at);
CREATE INDEX responses_status ON responses (tenant, status, created_at, recorded_at);
CREATE INDEX responses_conversation ON responses (tenant, conversation_id, created_at, recorded_at) WHERE conversation_id IS NOT NULL;
CREATE INDEX responses_safety_identifier ON responses (tenant, safety_identifier, created_at, recorded_at) WHERE safety_identifier IS NOT NULL;
CREATE INDEX responses_end_user ON responses (tenant, end_user, created_at, recorded_at) WHERE end_user IS NOT NULL;

CREATE TABLE response_labels (
  tenant       varchar(255) COLLATE "C" NOT NULL,
  label        varchar(22) COLLATE "C" NOT NULL,
  created_at   bigint NOT NULL,
  recorded_at  bigint NOT NULL,
  response_id  varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, response_id, label)
);
COMMENT ON TABLE response_labels IS 'Finds responses by their metadata: a row for each label';
COMMENT ON COLUMN response_labels.tenant IS 'Whose data it is';
COMMENT ON COLUMN response_labels.label IS 'A digest of the label''s key and value, which may be longer than an index entry';
COMMENT ON COLUMN response_labels.created_at IS 'The response''s, by which it is listed';
COMMENT ON COLUMN response_labels.recorded_at IS 'The response''s, by which it is listed in the second place';
COMMENT ON COLUMN response_labels.response_id IS 'The response';
CREATE INDEX response_labels_label ON response_labels (tenant, label, created_at, recorded_at, response_id);

CREATE TABLE response_item_ids (
  tenant       varchar(255) COLLATE "C" NOT NULL,
  item_id      varchar(255) COLLATE "C" NOT NULL,
  response_id  varchar(255) COLLATE "C" NOT NULL,
  stored_at    bigint NOT NULL,
  PRIMARY KEY (tenant, item_id, response_id),
  CONSTRAINT response_item_ids_response_key FOREIGN KEY (tenant, response_id) REFERENCES responses (tenant, id) ON DELETE CASCADE
);
COMMENT ON TABLE response_item_ids IS 'Finds items that are in a response and not, by it, in a conversation: a reference may name them';
COMMENT ON COLUMN response_item_ids.tenant IS 'Whose data it is';
COMMENT ON COLUMN response_item_ids.item_id IS 'The id that clients see';
COMMENT ON COLUMN response_item_ids.response_id IS 'The response whose input or output has the item';
COMMENT ON COLUMN response_item_ids.stored_at IS 'When this content was first stored, in microseconds; a link carries it along';
CREATE INDEX response_item_ids_response ON response_item_ids (tenant, response_id);

CREATE TABLE feedback (
  tenant           varchar(255) COLLATE "C" NOT NULL,
  id               varchar(255) COLLATE "C" NOT NULL,
  owner            varchar(512) COLLATE "C",
  response_id      varchar(255) COLLATE "C" NOT NULL,
  conversation_id  varchar(255) COLLATE "C",
  model            varchar(512) COLLATE "C",
  rating           varchar(8) COLLATE "C" NOT NULL,
  comment_text     text,
  author           varchar(512) COLLATE "C",
  metadata         text NOT NULL,
  created_at       bigint NOT NULL,
  PRIMARY KEY (tenant, id),
  CONSTRAINT feedback_response_key FOREIGN KEY (tenant, response_id) REFERENCES responses (tenant, id) ON DELETE CASCADE
);
COMMENT ON TABLE feedback IS 'What users thought of responses';
COMMENT ON COLUMN feedback.tenant IS 'Whose data it is';
COMMENT ON COLUMN feedback.id IS 'The id that clients see';
COMMENT ON COLUMN feedback.owner IS 'The user who gave it, by credentials; null where callers are anonymous';
COMMENT ON COLUMN feedback.response_id IS 'What it is about';
COMMENT ON COLUMN feedback.conversation_id IS 'The response''s conversation, which may be deleted';
COMMENT ON COLUMN feedback.model IS 'The response''s model';
COMMENT ON COLUMN feedback.rating IS 'positive or negative';
COMMENT ON COLUMN feedback.comment_text IS 'In the user''s words, as a JSON string';
COMMENT ON COLUMN feedback.author IS 'Who gave it, by the application''s own word';
COMMENT ON COLUMN feedback.metadata IS 'The labels as a JSON object of strings';
COMMENT ON COLUMN feedback.created_at IS 'When it was given, in microseconds';
CREATE INDEX feedback_created ON feedback (tenant, created_at, id);
CREATE INDEX feedback_owner ON feedback (tenant, owner, created_at) WHERE owner IS NOT NULL;
CREATE INDEX feedback_response ON feedback (tenant, response_id, created_at, id);
CREATE INDEX feedback_conversation ON feedback (tenant, conversation_id, created_at, id) WHERE conversation_id IS NOT NULL;
CREATE INDEX feedback_model ON feedback (tenant, model, created_at);
CREATE INDEX feedback_rating ON feedback (tenant, rating, created_at);
CREATE INDEX feedback_author ON feedback (tenant, author, created_at) WHERE author IS NOT NULL;

CREATE TABLE idempotency_keys (
  tenant       varchar(255) COLLATE "C" NOT NULL,
  key_hash     varchar(64) COLLATE "C" NOT NULL,
  owner        varchar(512) COLLATE "C",
  request_hash varchar(64) COLLATE "C" NOT NULL,
  status       integer NOT NULL,
  ids          text,
  recorded_at  bigint NOT NULL,
  PRIMARY KEY (tenant, key_hash)
);
COMMENT ON TABLE idempotency_keys IS 'What POST requests with an Idempotency-Key made, so that a repetition is answered alike';
COMMENT ON COLUMN idempotency_keys.tenant IS 'Whose data it is';
COMMENT ON COLUMN idempotency_keys.key_hash IS 'A digest of the key and its user';
COMMENT ON COLUMN idempotency_keys.owner IS 'The user who sent it; null where callers are anonymous';
COMMENT ON COLUMN idempotency_keys.request_hash IS 'A digest of the request''s path and body';
COMMENT ON COLUMN idempotency_keys.status IS 'The HTTP status of the answer';
COMMENT ON COLUMN idempotency_keys.ids IS 'The ids that were made or added, one on a line';
COMMENT ON COLUMN idempotency_keys.recorded_at IS 'When it was written, in microseconds';
CREATE INDEX idempotency_keys_recorded ON idempotency_keys (recorded_at);

CREATE VIEW readable_conversations AS
SELECT tenant, id, owner,
       timestamptz 'epoch' + created_at * interval '1 microsecond' AS created,
       timestamptz 'epoch' + updated_at * interval '1 microsecond' AS updated,
       metadata
FROM conversations;
COMMENT ON VIEW readable_conversations IS 'Conversations with times for people';

CREATE VIEW readable_items AS
SELECT tenant, conversation_id, position, item_id, type, owner, response_id,
       timestamptz 'epoch' + stored_at * interval '1 microsecond' AS stored,
       json
FROM items;
COMMENT ON VIEW readable_items IS 'Items of conversations with times for people';

CREATE VIEW readable_responses AS
SELECT tenant, id, owner,
       timestamptz 'epoch' + recorded_at * interval '1 microsecond' AS recorded,
       timestamptz 'epoch' + created_at * interval '1 microsecond' AS created,
       timestamptz 'epoch' + completed_at * interval '1 microsecond' AS completed,
       (completed_at - created_at) * interval '1 microsecond' AS took,
       status, model, conversation_id, previous_response_id, safety_identifier, end_user,
       input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens, metadata, input, json
FROM responses;
COMMENT ON VIEW readable_responses IS 'Responses with times for people';

CREATE VIEW readable_feedback AS
SELECT tenant, id, owner, response_id, conversation_id, model, rating,
       comment_text::json #>> '{}' AS comment, author, metadata,
       timestamptz 'epoch' + created_at * interval '1 microsecond' AS created
FROM feedback;
COMMENT ON VIEW readable_feedback IS 'Feedback with times and comments for people';

-- Faster to write and to read than PostgreSQL's own compression, where the server was built with it.
DO $$
DECLARE
  large record;
BEGIN
  FOR large IN SELECT * FROM (VALUES ('items', 'json'), ('responses', 'input_items'),
    ('responses', 'input'), ('responses', 'json')) AS columns (tab, col)
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET COMPRESSION lz4', large.tab, large.col);
  END LOOP;
EXCEPTION
  -- Without lz4; before PostgreSQL 14, which does not know the command.
  WHEN feature_not_supported OR invalid_parameter_value OR syntax_error THEN NULL;
END
$$;

-- Last, so that a schema that was left half made is not taken for a whole one.
INSERT INTO history_schema (version) VALUES (1);
