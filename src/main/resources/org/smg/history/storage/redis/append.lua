-- Creates a conversation with its first items, or appends to one. One round trip, all or nothing.
-- KEYS: description, items, positions; on one node also list, list expiry and a lookup per item;
-- on a Cluster also the marker of the turn, where there is one.
local deadline, slack, updated, attempt = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local origin, metadata, holder = ARGV[5], ARGV[6], ARGV[7]
local member, score = ARGV[8], ARGV[9]
local fingerprint, lease = ARGV[10], ARGV[11]
local one_node = #KEYS > 4
local batch = read_batch(12, one_node and 5)

if fingerprint ~= '' then
  local marked = redis.call('GET', KEYS[4])
  if marked then
    return {marked == fingerprint and 'done' or 'other'}
  end
  if now() > tonumber(lease) then
    return {'late'}
  end
end
local there = redis.call('EXISTS', KEYS[1]) == 1
if origin == '' and not there then
  return {'absent'}
end
if there and (origin ~= '' or redis.call('HGET', KEYS[1], 'a') == attempt) then
  return {'done'}
end
local twice = duplicate(batch, KEYS[3], fingerprint ~= '')
if twice then
  return {'duplicate', twice}
end
local open = unsettled(batch, holder)
if #open > 0 then
  return {'settle', open}
end

if origin ~= '' then
  redis.call('HSET', KEYS[1], 'o', origin, 'm', metadata, 'u', updated, 'l', deadline)
else
  redis.call('HSET', KEYS[1], 'u', updated, 'a', attempt)
end
append(1, batch)
local behind = keep_conversation(1, deadline, slack)
if fingerprint ~= '' then
  redis.call('SET', KEYS[4], fingerprint)
  keep(KEYS[4], deadline)
end
if one_node then
  if origin ~= '' then
    enter(KEYS[4], KEYS[5], member, score, deadline)
  else
    stay(KEYS[4], KEYS[5], member, deadline)
  end
  for _, item in ipairs(batch) do
    claim(item.lookup, holder, deadline)
  end
end
return {'ok', behind}
