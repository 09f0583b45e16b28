-- Reads one item. KEYS: description, items, positions.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'absent'}
end
local position = redis.call('HGET', KEYS[3], ARGV[1])
if not position then
  return {'ok'}
end
return {'ok', redis.call('LINDEX', KEYS[2], position - 1)}
