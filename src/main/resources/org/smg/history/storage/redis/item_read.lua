-- Reads one item of a conversation.
-- KEYS: conversation hash, items, positions. ARGV: scope, item id.
if not conversation_in_scope(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
local position = redis.call('HGET', KEYS[3], ARGV[2])
if not position then
  return {'ok'}
end
return {'ok', redis.call('LINDEX', KEYS[2], position - 1)}
