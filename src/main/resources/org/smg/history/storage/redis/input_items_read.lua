-- Reads a page of a response's input items. KEYS: response hash, input.
-- ARGV: scope, number of items, ASC or DESC, and the id of the item to begin behind, if any.
if not response_in_scope(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
local wanted, ascending = tonumber(ARGV[2]), ARGV[3] == 'ASC'
local length = redis.call('LLEN', KEYS[2])
local index = ascending and 0 or length - 1
if ARGV[4] then
  local found
  for i, entry in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
    if item_id(entry) == ARGV[4] then
      found = i - 1
      break
    end
  end
  if not found then
    return {'unknown_cursor'}
  end
  index = ascending and found + 1 or found - 1
end
local page = {'ok'}
if ascending then
  for _, entry in ipairs(redis.call('LRANGE', KEYS[2], index, index + wanted - 1)) do
    page[#page + 1] = entry
  end
elseif index >= 0 then
  local entries = redis.call('LRANGE', KEYS[2], math.max(0, index - wanted + 1), index)
  for i = #entries, 1, -1 do
    page[#page + 1] = entries[i]
  end
end
return page
