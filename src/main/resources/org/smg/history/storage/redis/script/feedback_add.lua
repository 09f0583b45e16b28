-- Stores feedback beside its response, and lets it expire with the response. Answers when that is.
-- KEYS: response hash, feedback hash, record of the idempotency key.
-- ARGV: scope, horizon, feedback id, feedback, record.
local scope, horizon, id, feedback, record = unpack(ARGV)
if not response_found(KEYS[1], scope, horizon) then
  return {'not_found'}
end
if is_used(KEYS[3], record) then
  return {'used'}
end
redis.call('HSETNX', KEYS[2], id, feedback)
local expires_at = redis.call('HGET', KEYS[1], 'expires_at')
expire_at(KEYS[2], expires_at)
record_once(KEYS[3], record)
return {'ok', expires_at}
