-- Stores a response and, on one node, appends its turn to its conversation in the same step.
-- KEYS: response, input, output; on one node also response list, its expiry, the conversation's
-- description, items, positions, list and list expiry, and a lookup per item. On a Cluster a turn
-- that appends is stored as pending under a lease, until its conversation has committed it.
local deadline, slack, updated, attempt = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local fingerprint, description, json, previous = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local mode, inputs = ARGV[9], tonumber(ARGV[10])
local response_holder, conversation_holder = ARGV[11], ARGV[12]
local response_member, response_score, conversation_member = ARGV[13], ARGV[14], ARGV[15]
local lease, marker, superseded = ARGV[16], ARGV[17], ARGV[18]
local one_node = #KEYS > 3
local batch = read_batch(19, one_node and 10)

local stored = redis.call('HMGET', KEYS[1], 'f', 's', 'k')
if stored[1] and not stored[2] then
  return {stored[1] == fingerprint and 'done' or 'other'}
end
if stored[1] and stored[1] ~= fingerprint and stored[1] ~= superseded then
  return {'pending', stored[3], stored[1], now() > tonumber(stored[2]) and 1 or 0}
end
if one_node then
  if mode ~= 'alone' and redis.call('EXISTS', KEYS[6]) == 0 then
    return {'absent'}
  end
  local twice = mode == 'append' and duplicate(batch, KEYS[8], true)
  if twice then
    return {'duplicate', twice}
  end
  local open = unsettled(batch, '')
  if #open > 0 then
    return {'settle', open}
  end
end

if stored[1] then
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
end
-- A script's first write is what a full server refuses: it has to be one that takes memory.
redis.call('HSET', KEYS[1], 'f', fingerprint, 'd', description, 'j', json, 'e', deadline)
if previous ~= '' then
  redis.call('HSET', KEYS[1], 'p', previous)
end
if lease ~= '' then
  redis.call('HSET', KEYS[1], 's', lease, 'k', marker)
end
for i, item in ipairs(batch) do
  redis.call('RPUSH', KEYS[i <= inputs and 2 or 3], item.entry)
end
for i = 1, 3 do
  keep(KEYS[i], deadline)
end
if not one_node then
  return {'ok', 0}
end
local behind = 0
if mode == 'append' then
  redis.call('HSET', KEYS[6], 'u', updated, 'a', attempt)
  append(6, batch)
  behind = keep_conversation(6, deadline, slack)
  stay(KEYS[9], KEYS[10], conversation_member, deadline)
end
for _, item in ipairs(batch) do
  if item.appended then
    claim(item.lookup, conversation_holder, deadline)
  end
  claim(item.lookup, response_holder, deadline)
end
enter(KEYS[4], KEYS[5], response_member, response_score, deadline)
return {'ok', behind}
