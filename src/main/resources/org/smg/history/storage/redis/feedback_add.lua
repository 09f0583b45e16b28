-- Stores feedback beside its response, and lets it expire with the response.
-- KEYS: response hash, feedback hash. ARGV: scope, feedback id, feedback.
local response = redis.call('HMGET', KEYS[1], 'description', 'expires_at')
if not response[1] or not in_scope(response[1], ARGV[1]) then
  return {'not_found'}
end
redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3])
expire_at(KEYS[2], response[2])
return {'ok'}
