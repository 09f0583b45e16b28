-- Reads a page of a conversation's items. KEYS: conversation hash, items, positions.
-- ARGV: scope, horizon, number of items, ASC or DESC, and the id of the item to begin behind, if any.
local scope, horizon, wanted, order, after = unpack(ARGV)
if not conversation_found(KEYS[1], scope, horizon) then
  return {'not_found'}
end
local ascending = order == 'ASC'
local length = redis.call('LLEN', KEYS[2])
local index = ascending and 0 or length - 1
if after then
  local position = redis.call('HGET', KEYS[3], after)
  if not position then
    return {'unknown_cursor'}
  end
  index = ascending and tonumber(position) or position - 2
end
return read_page(KEYS[2], index, length, tonumber(wanted), ascending)
