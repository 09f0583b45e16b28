-- Deletes a conversation and answers the ids of its items.
-- KEYS: conversation hash, items, positions. ARGV: scope.
if not conversation_in_scope(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
local ids = redis.call('HKEYS', KEYS[3])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return {'ok', ids}
