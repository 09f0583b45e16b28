-- Deletes a conversation and answers the ids of its items. KEYS: description, items, positions.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'absent'}
end
local ids = redis.call('HKEYS', KEYS[3])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return {'ok', ids}
