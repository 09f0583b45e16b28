-- Appends items to a conversation: all of them or none.
-- KEYS: conversation hash, items, positions, record of the idempotency key; on one server also the
-- index of conversations and the locations of each item. ARGV: record, scope, horizon, expires_at,
-- lag, updated_at, attempt, location, counted, and the batch. An attempt that was carried out is known
-- by its name.
local record, scope, horizon, expires_at, lag = unpack(ARGV, 1, 5)
local updated_at, attempt, location, counted = unpack(ARGV, 6, 9)
local batch = read_batch(10, 5)
if not conversation_found(KEYS[1], scope, horizon) then
  return {'not_found'}
end
if redis.call('HGET', KEYS[1], 'last_attempt') == attempt then
  return {'repeated'}
end
if is_used(KEYS[4], record) then
  return {'used'}
end
local duplicate = find_duplicate(1, batch, false, taken_ids(KEYS[1]))
if duplicate then
  return {'duplicate', duplicate}
end
redis.call('HSET', KEYS[1], 'updated_at', updated_at, 'last_attempt', attempt)
append_items(1, batch)
local bytes = 0
if counted ~= '' then
  bytes = count_bytes(KEYS[1], counted + size_of_new(batch))
end
local behind = renew_conversation(1, KEYS[5], expires_at, lag)
record_once(KEYS[4], record)
if KEYS[5] then
  for _, item in ipairs(batch) do
    location_add(item.locations, location, expires_at)
  end
end
return {'ok', behind, bytes}
