-- Reads a page of a response's input items. KEYS: response hash, items.
-- ARGV: scope, horizon, number of items, ASC or DESC, and the id of the item to begin behind, if any.
local scope, horizon, wanted, order, after = unpack(ARGV)
if not response_found(KEYS[1], scope, horizon) then
  return {'not_found'}
end
local ascending = order == 'ASC'
local length = tonumber(redis.call('HGET', KEYS[1], 'input_count'))
local index = ascending and 0 or length - 1
if after then
  local place = find_content(redis.call('HGET', KEYS[1], 'contents'), after)
  if not place or place > length then
    return {'unknown_cursor'}
  end
  index = ascending and place or place - 2
end
return read_page(KEYS[2], index, length, tonumber(wanted), ascending)
