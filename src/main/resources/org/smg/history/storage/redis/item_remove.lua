-- Removes an item from a conversation. KEYS: conversation hash, items, positions.
-- ARGV: scope, expires_at, lag, item id, updated_at.
if not conversation_in_scope(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
local position = redis.call('HGET', KEYS[3], ARGV[4])
if not position then
  return {'ok', 0}
end
redis.call('HSET', KEYS[1], 'updated_at', ARGV[5])
redis.call('LSET', KEYS[2], position - 1, '')
redis.call('HDEL', KEYS[3], ARGV[4])
while redis.call('LINDEX', KEYS[2], -1) == '' do
  redis.call('RPOP', KEYS[2])
end
local behind = expire_conversation(1, ARGV[2], ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'origin', 'metadata')
return {'ok', behind, kept[1], kept[2]}
