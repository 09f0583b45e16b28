-- Deletes a response that is still pending. KEYS: response hash, input, output. ARGV: fingerprint.
local stored = redis.call('HMGET', KEYS[1], 'fingerprint', 'lease')
if stored[1] == ARGV[1] and stored[2] then
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
end
return 1
