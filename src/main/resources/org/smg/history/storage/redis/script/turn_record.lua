-- Records a turn in the slot of its conversation, or in the response's own: stores the response,
-- and appends the turn's items to the conversation.
-- KEYS: response hash, items, voided tokens; conversation hash, items, positions; on one server also
-- the pointer, the indexes of responses and of conversations, and the locations of each item.
-- ARGV: as they are named below, the number of the response's names and values, these, and the
-- batch. mode: append = add the items to the conversation; beside = in a conversation, without
-- adding items; alone = without a conversation. deadline: when the response expires.
local scope, mode, token, deadline, expires_at, lag, updated_at = unpack(ARGV, 1, 7)
local response_location, conversation_location, lists, entry = unpack(ARGV, 8, 11)
local fingerprint, json, counted, count = unpack(ARGV, 12, 15)
local batch = read_batch(16 + count, 9)
local one_server = KEYS[7]

local before = recorded_before(KEYS[1], fingerprint, scope)
if before then
  return {before}
end
local pointer = one_server and redis.call('GET', KEYS[7])
if pointer then
  local other_token, other_deadline, hash = string.match(pointer, '^%S+ (%S+) (%S+) (%S+)$')
  -- One that was left long ago must not shorten the retention.
  if hash ~= KEYS[1] or deadline - other_deadline >= LONGEST_REQUEST then
    return {'elsewhere', pointer}
  end
  token, deadline = other_token, other_deadline
end
if redis.call('ZSCORE', KEYS[3], token)
    or deadline ~= '-1' and tonumber(deadline) <= now_millis() then
  return {'voided', token, deadline}
end
if mode ~= 'alone' and not is_found(KEYS[4], scope) then
  return {'not_found'}
end
local duplicate = mode == 'append' and find_duplicate(4, batch, true)
if duplicate then
  return {'duplicate', duplicate}
end

-- This write comes first because it takes memory: a Redis without free memory refuses a script at
-- its first such write, and then nothing of the turn is stored.
redis.call('HSET', KEYS[1], 'token', token, 'expires_at', deadline, 'fingerprint', fingerprint,
  'json', json, unpack(ARGV, 16, 15 + count))
for _, item in ipairs(batch) do
  if item.kind ~= 'in_json' then
    redis.call('RPUSH', KEYS[2], item.entry)
  end
end
local bytes = 0
if counted ~= '' then
  bytes = #json
  for _, item in ipairs(batch) do
    if item.kind ~= 'in_json' then
      bytes = bytes + size_of(item.entry)
    end
  end
  redis.call('HSET', KEYS[1], 'bytes', string.format('%.0f', bytes))
end
expire_at(KEYS[1], deadline)
expire_at(KEYS[2], deadline)
local behind = 0
if mode == 'append' then
  redis.call('HSET', KEYS[4], 'updated_at', updated_at)
  append_items(4, batch)
  if counted ~= '' then
    bytes = bytes + count_bytes(KEYS[4], size_of_new(batch))
  end
  behind = renew_conversation(4, KEYS[9], expires_at, lag)
end
if one_server then
  if not pointer then
    set_until(KEYS[7], '1 ' .. token .. ' ' .. deadline .. ' ' .. KEYS[1], deadline)
  end
  index_add(KEYS[8], lists, entry, deadline)
  for _, item in ipairs(batch) do
    if mode == 'append' and not item.is_known then
      location_add(item.locations, conversation_location .. ' ' .. response_location, expires_at)
    else
      location_add(item.locations, response_location, deadline)
    end
  end
end
return {'ok', behind, bytes}
