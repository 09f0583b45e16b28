-- Replaces a conversation's metadata.
-- KEYS: conversation hash, items, positions, record of the idempotency key; on one server also the
-- index of conversations. ARGV: record, scope, horizon, expires_at, lag, updated_at, metadata, counted.
local record, scope, horizon, expires_at, lag, updated_at, metadata, counted = unpack(ARGV)
if not conversation_found(KEYS[1], scope, horizon) then
  return {'not_found'}
end
if is_used(KEYS[4], record) then
  return {'used'}
end
local bytes = 0
if counted ~= '' then
  bytes = count_bytes(KEYS[1], counted - redis.call('HSTRLEN', KEYS[1], 'metadata'))
end
redis.call('HSET', KEYS[1], 'metadata', metadata, 'updated_at', updated_at)
local behind = renew_conversation(1, KEYS[5], expires_at, lag)
record_once(KEYS[4], record)
return {'ok', behind, read_conversation(KEYS[1]), bytes}
