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
local refusal
refusal, token, deadline = choose_token(KEYS[1], KEYS[3], pointer, token, deadline)
if refusal then
  return refusal
end
if mode ~= 'alone' and not conversation_found(KEYS[4], scope, horizon) then
  return {'not_found'}
end
local duplicate = mode == 'append' and find_duplicate(4, batch, true, taken_ids(KEYS[4]))
if duplicate then
  return {'duplicate', duplicate}
end

local bytes = store_response(KEYS[1], KEYS[2], json, batch, counted, deadline, 'token', token,
  unpack(ARGV, 18, 17 + count))
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
