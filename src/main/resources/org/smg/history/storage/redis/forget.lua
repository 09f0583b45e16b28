-- Deletes a response with its feedback, in one step, and answers what pointed to them. KEYS:
-- response, input, output, feedback.
local description = redis.call('HGET', KEYS[1], 'd')
if not description then
  return {'absent'}
end
local ids = {}
for i = 2, 3 do
  for _, entry in ipairs(redis.call('LRANGE', KEYS[i], 0, -1)) do
    ids[#ids + 1] = id_of(entry)
  end
end
local feedback = redis.call('HKEYS', KEYS[4])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
return {'ok', description, ids, feedback}
