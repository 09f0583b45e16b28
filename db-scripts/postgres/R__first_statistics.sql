-- Statistics for tables in which nothing was ever written. PostgreSQL collects its own once a minute. Until then it takes
-- all columns for equally selective, so that the tenant alone seems enough to find a row, and sessions keep such plans: each
-- row makes a new database slower, for a minute. From these samples it learns what the tables will look like.
-- Run as the owner of the schema after the numbered scripts and before row-security.sql. Once there are rows, it does nothing.
DO $$
DECLARE
  tables CONSTANT text[] := ARRAY['conversations', 'conversation_labels', 'items', 'responses', 'response_labels',
    'response_item_ids', 'feedback', 'idempotency_keys'];
  list CONSTANT text := array_to_string(tables, ', ');
BEGIN
  IF (SELECT bool_or(row_security_active(t) OR pg_relation_size(t::regclass) > 0) FROM unnest(tables) t) THEN
    RETURN;
  END IF;
  EXECUTE 'LOCK TABLE ' || list || ' IN ACCESS EXCLUSIVE MODE';
  -- A row may have come before the lock.
  IF (SELECT bool_or(pg_relation_size(t::regclass) > 0) FROM unnest(tables) t) THEN
    RETURN;
  END IF;
  INSERT INTO conversations (tenant, id, created_at, updated_at, next_position, metadata)
  SELECT 'default', 'conv_' || n, n, n, 4, '{}' FROM generate_series(1, 300) n;
  INSERT INTO conversation_labels (tenant, label, created_at, conversation_id)
  SELECT 'default', n % 10, n, 'conv_' || n FROM generate_series(1, 300) n;
  INSERT INTO items (tenant, conversation_id, position, item_id, type, response_id, stored_at, json)
  SELECT 'default', 'conv_' || n / 4, n, 'msg_' || n, 'message', 'resp_' || n / 2, n, '{}' FROM generate_series(1, 300) n;
  INSERT INTO responses (tenant, id, recorded_at, created_at, status, model, conversation_id, metadata, fingerprint, json)
  SELECT 'default', 'resp_' || n, n, n, 'completed', 'm', 'conv_' || n / 2, '{}', n, '{}' FROM generate_series(1, 300) n;
  INSERT INTO response_labels (tenant, label, created_at, recorded_at, response_id)
  SELECT 'default', n % 10, n, n, 'resp_' || n FROM generate_series(1, 300) n;
  INSERT INTO response_item_ids (tenant, item_id, response_id, stored_at)
  SELECT 'default', 'msg_' || n, 'resp_' || (n + 1) / 2, n FROM generate_series(1, 300) n;
  INSERT INTO feedback (tenant, id, response_id, conversation_id, model, rating, metadata, created_at)
  SELECT 'default', 'fb_' || n, 'resp_' || n, 'conv_' || n / 2, 'm', 'positive', '{}', n FROM generate_series(1, 300) n;
  INSERT INTO idempotency_keys (tenant, key_hash, request_hash, status, recorded_at)
  SELECT 'default', n, n, 200, n FROM generate_series(1, 300) n;
  EXECUTE 'ANALYZE ' || list;
  -- The statistics stay. In a subtransaction, so that the tables get new files, and count as never filled instead of as empty.
  BEGIN
    EXECUTE 'TRUNCATE ' || list;
  EXCEPTION
    WHEN others THEN RAISE;
  END;
END
$$;
