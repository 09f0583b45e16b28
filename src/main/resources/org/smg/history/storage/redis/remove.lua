-- Takes an item out of a conversation. KEYS: description, items, positions.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'absent'}
end
local position = redis.call('HGET', KEYS[3], ARGV[3])
if not position then
  return {'ok', 0}
end
redis.call('HSET', KEYS[1], 'u', ARGV[4])
redis.call('LSET', KEYS[2], position - 1, '')
redis.call('HDEL', KEYS[3], ARGV[3])
while redis.call('LINDEX', KEYS[2], -1) == '' do
  redis.call('RPOP', KEYS[2])
end
local behind = keep_conversation(1, ARGV[1], ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'o', 'm')
return {'ok', behind, kept[1], kept[2]}
