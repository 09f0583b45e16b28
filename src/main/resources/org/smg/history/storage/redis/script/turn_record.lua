-- Records a turn in the slot of its conversation, or in the response's own: stores the response,
-- and appends the turn's items to the conversation.
-- KEYS: response hash, items, voided tokens; conversation hash, items, positions; on one server also
-- the pointer, the indexes of responses and of conversations, and the locations of each item.
-- ARGV: as they are named below, the number of the response's names and values, these, and the
-- batch. mode: append = add the items to the conversation; beside = in a conversation, without
-- adding items; alone = without a conversation. deadline: when the response expires. horizon is that of
-- conversations, response_horizon that of responses.
local scope, horizon, mode, token, deadline, expires_at, lag, updated_at = unpack(ARGV, 1, 8)
local response_location, conversation_location, lists, entry = unpack(ARGV, 9, 12)
local fingerprint, json, counted, response_horizon, count = unpack(ARGV, 13, 17)
local batch = read_batch(18 + count, 9)
local one_server = KEYS[7]

local before = recorded_before(KEYS[1], fingerprint, scope, response_horizon)
if before then
  return {before, KEYS[1]}
end
local pointer = one_server and redis.call('GET', KEYS[7])
if pointer then
  local other_token, other_deadline, hash = string.match(pointer, '^%S+ (%S+) (%S+) (%S+)$')
  -- One that was left long ago, or with another retention, must not decide when this one expires.
  if hash ~= KEYS[1] or math.abs(deadline - other_deadline) >= LONGEST_REQUEST then
    return {'elsewhere', pointer}
  end
  token, deadline = other_token, other_deadline
end
if redis.call('ZSCORE', KEYS[3], token)
    or deadline ~= '-1' and tonumber(deadline) <= now_millis() then
  return {'voided', token, deadline}
end
if mode ~= 'alone' and not conversation_found(KEYS[4], scope, horizon) then
  return {'not_found'}
end
local duplicate = mode == 'append' and find_duplicate(4, batch, true)
if duplicate then
  return {'duplicate', duplicate}
end

-- This write comes first because it takes memory: a Redis without free memory refuses a script at
-- its first such write, and then nothing of the turn is stored.
redis.call('HSET', KEYS[1], 'token', token, 'expires_at', deadline, 'fingerprint', fingerprint,
  'json', json, unpack(ARGV, 18, 17 + count))
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
      location_add(item.locations, conversation_location .. ' ' .. response_location,
        later_of(expires_at, deadline))
    else
      location_add(item.locations, response_location, deadline)
    end
  end
end
return {'ok', behind, bytes}
