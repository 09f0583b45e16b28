-- Reads all of a response's input items. KEYS: response hash, items. ARGV: scope, horizon.
if not response_found(KEYS[1], ARGV[1], ARGV[2]) then
  return {'not_found'}
end
local count = tonumber(redis.call('HGET', KEYS[1], 'input_count'))
return {'ok', count == 0 and {} or redis.call('LRANGE', KEYS[2], 0, count - 1)}
