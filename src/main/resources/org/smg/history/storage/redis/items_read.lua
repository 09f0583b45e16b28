-- Reads a page of a conversation's items. KEYS: conversation hash, items, positions.
-- ARGV: scope, number of items, ASC or DESC, and the id of the item to begin behind, if any.
if not conversation_in_scope(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
local wanted, ascending = tonumber(ARGV[2]), ARGV[3] == 'ASC'
local length = redis.call('LLEN', KEYS[2])
local index = ascending and 0 or length - 1
if ARGV[4] then
  local position = redis.call('HGET', KEYS[3], ARGV[4])
  if not position then
    return {'unknown_cursor'}
  end
  index = ascending and tonumber(position) or position - 2
end
local page = {'ok'}
while index >= 0 and index < length and #page <= wanted do
  local missing = wanted + 1 - #page
  local from = ascending and index or math.max(0, index - missing + 1)
  local to = ascending and index + missing - 1 or index
  local entries = redis.call('LRANGE', KEYS[2], from, to)
  for i = 1, #entries do
    local entry = entries[ascending and i or #entries + 1 - i]
    if entry ~= '' then
      page[#page + 1] = entry
    end
  end
  index = ascending and to + 1 or from - 1
end
return page
