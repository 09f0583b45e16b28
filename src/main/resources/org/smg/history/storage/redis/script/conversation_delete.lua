-- Deletes a conversation; the responses that were made in it stay. Answers its fields, the ids
-- of its items and the bytes that were counted, so that the caller can remove what leads to them.
-- KEYS: conversation hash, items, positions. ARGV: scope, horizon, and the labels without which it
-- stays, each as a line of the metadata.
if not conversation_found(KEYS[1], ARGV[1], ARGV[2]) then
  return {'not_found'}
end
local fields = read_conversation(KEYS[1])
for i = 3, #ARGV do
  if not string.find('\n' .. fields[5], '\n' .. ARGV[i], 1, true) then
    return {'not_found'}
  end
end
local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or '0')
local ids = redis.call('HKEYS', KEYS[3])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return {'ok', fields, ids, bytes}
