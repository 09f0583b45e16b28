-- Lets a response and its feedback expire as the retention says now, or removes them, in one step,
-- if they are due, and voids the token. Answers what leads to them. A run stays as it is.
-- KEYS: response hash, items, feedback, voided tokens. ARGV: horizon, retention.
local horizon, retention = unpack(ARGV)
local response = redis.call('HMGET', KEYS[1], 'token', 'expires_at', 'description', 'contents')
if not response[1] then
  return {'not_found'}
end
if redis.call('HEXISTS', KEYS[1], 'run_token') == 1 then
  return {'running'}
end
local stored_at = recorded_at(response[3])
local feedback = redis.call('HGETALL', KEYS[3])
if is_due(stored_at, horizon) then
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
  void_token(KEYS[4], response[1], response[2])
  return {'removed', response[1], response[2], response[3], response[4], feedback}
end
local expires_at = expiry_by(stored_at, retention)
redis.call('HSET', KEYS[1], 'expires_at', expires_at)
for i = 1, 3 do
  expire_at(KEYS[i], expires_at)
end
return {'kept', response[1], expires_at, response[3], response[4], feedback}
