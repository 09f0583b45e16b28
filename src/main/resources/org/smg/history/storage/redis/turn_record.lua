-- Stores a response and, on one server, appends the turn's items to its conversation in the same
-- step. On a Cluster, where the conversation is in another slot, a turn with items to append is
-- stored as pending: it has a lease, and a marker in the conversation's slot will commit it.
-- KEYS: response hash, input, output; on one server also the two sets of the index of responses,
-- the conversation's hash, items and positions, the two sets of the index of conversations, and
-- the locations of each item. ARGV: as they are named below.
-- mode: append = add the items to the conversation; beside = in a conversation, without adding
-- items; alone = without a conversation.
local scope, expires_at, lag, updated_at = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local attempt, fingerprint, description, json = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local previous, mode, input_count = ARGV[9], ARGV[10], tonumber(ARGV[11])
local response_location, conversation_location = ARGV[12], ARGV[13]
local response_member, response_score, conversation_member = ARGV[14], ARGV[15], ARGV[16]
local lease, marker, superseded = ARGV[17], ARGV[18], ARGV[19]
local one_server = #KEYS > 3
local batch = read_batch(20, one_server and 10)

local stored = redis.call('HMGET', KEYS[1], 'fingerprint', 'lease', 'marker', 'description')
local stored_fingerprint, stored_lease, stored_marker = stored[1], stored[2], stored[3]
if stored_fingerprint then
  local is_same = stored_fingerprint == fingerprint and in_scope(stored[4], scope)
  if not stored_lease then
    return {is_same and 'repeated' or 'conflict'}
  end
  if not is_same and stored_fingerprint ~= superseded then
    local lease_expired = now_millis() > tonumber(stored_lease)
    return {'pending', stored_marker, stored_fingerprint, lease_expired and 1 or 0}
  end
end
if one_server then
  if mode ~= 'alone' and not conversation_in_scope(KEYS[6], scope) then
    return {'not_found'}
  end
  local duplicate = mode == 'append' and find_duplicate(batch, KEYS[8], true)
  if duplicate then
    return {'duplicate', duplicate}
  end
  local unresolved = find_unresolved(batch, '')
  if #unresolved > 0 then
    return {'unresolved', unresolved}
  end
end

if stored_fingerprint then
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
end
-- This write comes first because it takes memory: a Redis without free memory refuses a script at
-- its first such write, and then nothing of the turn is stored.
redis.call('HSET', KEYS[1], 'fingerprint', fingerprint, 'description', description, 'json', json,
  'expires_at', expires_at)
if previous ~= '' then
  redis.call('HSET', KEYS[1], 'previous', previous)
end
if lease ~= '' then
  redis.call('HSET', KEYS[1], 'lease', lease, 'marker', marker)
end
for i, item in ipairs(batch) do
  redis.call('RPUSH', KEYS[i <= input_count and 2 or 3], item.entry)
end
for i = 1, 3 do
  expire_at(KEYS[i], expires_at)
end
if not one_server then
  return {'ok', 0}
end
local behind = 0
if mode == 'append' then
  redis.call('HSET', KEYS[6], 'updated_at', updated_at, 'last_attempt', attempt)
  append_items(6, batch)
  behind = expire_conversation(6, expires_at, lag)
  index_renew(KEYS[9], KEYS[10], conversation_member, expires_at)
end
for _, item in ipairs(batch) do
  if item.appended then
    location_add(item.locations_key, conversation_location, expires_at)
  end
  location_add(item.locations_key, response_location, expires_at)
end
index_add(KEYS[4], KEYS[5], response_member, response_score, expires_at)
return {'ok', behind}
