-- Stores feedback beside its response, and lets it expire with the response.
-- KEYS: response hash, feedback hash. ARGV: scope, feedback id, feedback.
if not is_found(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3])
expire_at(KEYS[2], redis.call('HGET', KEYS[1], 'expires_at'))
return {'ok'}
