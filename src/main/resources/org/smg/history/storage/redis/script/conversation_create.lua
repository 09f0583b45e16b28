-- Creates a conversation with its first items; one that is stored stays as it is.
-- KEYS: conversation hash, items, positions, record of the idempotency key; on one server also the
-- index of conversations and the locations of each item. ARGV: record, horizon, expires_at, location, lists,
-- entry, counted, the number of the hash's names and values, these, and the batch.
local record, horizon, expires_at, location = unpack(ARGV, 1, 4)
local lists, entry, counted, count = unpack(ARGV, 5, 8)
local batch = read_batch(9 + count, 5)
if redis.call('EXISTS', KEYS[1]) == 1 then
  -- One that is due has to be removed first, with all that leads to it. While it has a run it stays.
  local stays = conversation_found(KEYS[1], 'tenant', horizon)
    or redis.call('HEXISTS', KEYS[1], 'run') == 1
  return {stays and 'repeated' or 'due'}
end
if is_used(KEYS[4], record) then
  return {'used'}
end
redis.call('HSET', KEYS[1], 'locations_expire_at', expires_at, unpack(ARGV, 9, 8 + count))
append_items(1, batch)
local bytes = 0
if counted ~= '' then
  bytes = count_bytes(KEYS[1], counted + size_of_new(batch))
end
for i = 1, #batch > 0 and 3 or 1 do
  expire_at(KEYS[i], expires_at)
end
record_once(KEYS[4], record)
if KEYS[5] then
  index_add(KEYS[5], lists, entry, expires_at)
  for _, item in ipairs(batch) do
    location_add(item.locations, location, expires_at)
  end
end
return {'ok', 0, bytes}
