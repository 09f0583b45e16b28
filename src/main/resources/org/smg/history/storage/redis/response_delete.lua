-- Deletes a response and its feedback. Answers its description, the ids of its items and the ids
-- of its feedback, so that the caller can remove what leads to them.
-- KEYS: response hash, input, output, feedback. ARGV: scope.
local description = redis.call('HGET', KEYS[1], 'description')
if not description or not in_scope(description, ARGV[1]) then
  return {'not_found'}
end
local item_ids = {}
for i = 2, 3 do
  for _, entry in ipairs(redis.call('LRANGE', KEYS[i], 0, -1)) do
    item_ids[#item_ids + 1] = item_id(entry)
  end
end
local feedback_ids = redis.call('HKEYS', KEYS[4])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
return {'ok', description, item_ids, feedback_ids}
