-- Replaces a conversation's metadata. KEYS: conversation hash, items, positions.
-- ARGV: scope, expires_at, lag, metadata, updated_at.
if not conversation_in_scope(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
redis.call('HSET', KEYS[1], 'metadata', ARGV[4], 'updated_at', ARGV[5])
local behind = expire_conversation(1, ARGV[2], ARGV[3])
return {'ok', behind, redis.call('HGET', KEYS[1], 'origin')}
