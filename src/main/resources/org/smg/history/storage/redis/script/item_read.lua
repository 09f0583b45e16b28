-- Reads one item of a conversation.
-- KEYS: conversation hash, items, positions. ARGV: scope, horizon, item id.
if not conversation_found(KEYS[1], ARGV[1], ARGV[2]) then
  return {'not_found'}
end
local position = redis.call('HGET', KEYS[3], ARGV[3])
return {'ok', position and redis.call('LINDEX', KEYS[2], position - 1)}
