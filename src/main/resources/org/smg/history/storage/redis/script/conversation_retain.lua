-- Lets a conversation expire as the retention says now, or removes it, in one step, if it is due. One
-- that has a run stays as it is.
-- KEYS: conversation hash, items, positions. ARGV: horizon, retention.
local horizon, retention = unpack(ARGV)
local fields = read_conversation(KEYS[1])
if not fields[1] then
  return {'not_found'}
end
local run = redis.call('HGET', KEYS[1], 'run')
if run then
  return {'running', run}
end
if is_due(fields[4], horizon) then
  local ids = redis.call('HKEYS', KEYS[3])
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
  return {'removed', fields, ids}
end
local expires_at = expiry_by(fields[4], retention)
-- What leads to it is given its expiry next.
redis.call('HSET', KEYS[1], 'locations_expire_at', expires_at)
for i = 1, 3 do
  expire_at(KEYS[i], expires_at)
end
return {'kept', fields, expires_at}
