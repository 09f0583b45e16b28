-- Stores feedback beside its response, and lets it expire with the response.
-- KEYS: response hash, feedback hash, record of the idempotency key.
-- ARGV: scope, feedback id, feedback, record.
if not is_found(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
if is_used(KEYS[3], ARGV[4]) then
  return {'used'}
end
redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3])
expire_at(KEYS[2], redis.call('HGET', KEYS[1], 'expires_at'))
record_once(KEYS[3], ARGV[4])
return {'ok'}
