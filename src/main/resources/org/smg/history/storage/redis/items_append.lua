-- Appends items to a conversation: all of them or none.
-- KEYS: conversation hash, items, positions; on one server also the index of conversations and the
-- locations of each item. ARGV: scope, expires_at, lag, updated_at, attempt, location, and the
-- batch. An attempt that was carried out is known by its name.
local scope, expires_at, lag, updated_at, attempt, location = unpack(ARGV, 1, 6)
local batch = read_batch(7, 4)
if not is_found(KEYS[1], scope) then
  return {'not_found'}
end
if redis.call('HGET', KEYS[1], 'last_attempt') == attempt then
  return {'repeated'}
end
local duplicate = find_duplicate(1, batch, false)
if duplicate then
  return {'duplicate', duplicate}
end
redis.call('HSET', KEYS[1], 'updated_at', updated_at, 'last_attempt', attempt)
append_items(1, batch)
local behind = renew_conversation(1, KEYS[4], expires_at, lag)
if KEYS[4] then
  for _, item in ipairs(batch) do
    location_add(item.locations, location, expires_at)
  end
end
return {'ok', behind}
