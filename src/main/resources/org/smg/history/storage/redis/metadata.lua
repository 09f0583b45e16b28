-- Replaces a conversation's metadata. KEYS: description, items, positions.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'absent'}
end
redis.call('HSET', KEYS[1], 'm', ARGV[3], 'u', ARGV[4])
local behind = keep_conversation(1, ARGV[1], ARGV[2])
return {'ok', behind, redis.call('HGET', KEYS[1], 'o')}
