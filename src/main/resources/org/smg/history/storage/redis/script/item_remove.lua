-- Removes an item from a conversation.
-- KEYS: conversation hash, items, positions; on one server also the index of conversations.
-- ARGV: scope, horizon, expires_at, lag, updated_at, item id, counted.
local scope, horizon, expires_at, lag, updated_at, id, counted = unpack(ARGV)
if not conversation_found(KEYS[1], scope, horizon) then
  return {'not_found'}
end
local position = redis.call('HGET', KEYS[3], id)
if not position then
  return {'ok', 0}
end
redis.call('HSET', KEYS[1], 'updated_at', updated_at)
local bytes = 0
if counted ~= '' then
  bytes = count_bytes(KEYS[1], -size_of(redis.call('LINDEX', KEYS[2], position - 1)))
end
redis.call('LSET', KEYS[2], position - 1, '')
redis.call('HDEL', KEYS[3], id)
while redis.call('LINDEX', KEYS[2], -1) == '' do
  redis.call('RPOP', KEYS[2])
end
local behind = renew_conversation(1, KEYS[4], expires_at, lag)
return {'ok', behind, read_conversation(KEYS[1]), bytes}
