-- Takes back a pending response. KEYS: response, input, output.
local stored = redis.call('HMGET', KEYS[1], 'f', 's')
if stored[1] == ARGV[1] and stored[2] then
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
end
return 1
