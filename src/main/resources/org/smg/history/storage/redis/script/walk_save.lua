-- Keeps where the walk over all keys is, unless another server has changed it, and adds to what it
-- has counted. KEYS: hash of the walk. ARGV: what was read, or '' where there was nothing; what to
-- keep; whether counts begin anew (1) or not (0); names and numbers of counts.
if (redis.call('HGET', KEYS[1], 'state') or '') ~= ARGV[1] then
  return 0
end
if ARGV[3] == '1' then
  redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
for i = 4, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
end
return 1
