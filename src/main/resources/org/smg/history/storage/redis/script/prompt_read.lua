-- Reads all items of a conversation, to be sent to a model with others.
-- KEYS: conversation hash, items, positions. ARGV: scope, horizon, room, and the ids of the others.
if not conversation_found(KEYS[1], ARGV[1], ARGV[2]) then
  return {'not_found'}
end
for i = 4, #ARGV do
  if redis.call('HEXISTS', KEYS[3], ARGV[i]) == 1 then
    return {'duplicate', ARGV[i]}
  end
end
local context = read_all(KEYS[2], ARGV[3])
if not context then
  return {'too_long'}
end
return {'ok', context}
