-- Replaces a conversation's metadata.
-- KEYS: conversation hash, items, positions; on one server also the index of conversations.
-- ARGV: scope, expires_at, lag, updated_at, metadata.
local scope, expires_at, lag, updated_at, metadata = unpack(ARGV)
if not is_found(KEYS[1], scope) then
  return {'not_found'}
end
redis.call('HSET', KEYS[1], 'metadata', metadata, 'updated_at', updated_at)
local behind = renew_conversation(1, KEYS[4], expires_at, lag)
return {'ok', behind, read_conversation(KEYS[1])}
