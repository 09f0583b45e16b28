-- Reads a page of items. KEYS: description, items, positions. ARGV: how many, ASC or DESC, cursor.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'absent'}
end
local wanted, ascending = tonumber(ARGV[1]), ARGV[2] == 'ASC'
local length = redis.call('LLEN', KEYS[2])
local index = ascending and 0 or length - 1
if ARGV[3] then
  local position = redis.call('HGET', KEYS[3], ARGV[3])
  if not position then
    return {'cursor'}
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
