-- Creates a conversation with its first items, or appends items to one: all of them or none.
-- KEYS: conversation hash, items, positions; on one server also the two sets of the index of
-- conversations and the locations of each item; on a Cluster also the turn's marker, if any.
-- ARGV: as they are named below. origin is '' for an append; fingerprint is '' without a turn.
local scope, expires_at, lag = ARGV[1], ARGV[2], ARGV[3]
local updated_at, attempt, origin, metadata = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local location, member, score = ARGV[8], ARGV[9], ARGV[10]
local fingerprint, lease = ARGV[11], ARGV[12]
local one_server = #KEYS > 4
local creates, has_marker = origin ~= '', fingerprint ~= ''
local batch = read_batch(13, one_server and 5)

if has_marker then
  local committed = redis.call('GET', KEYS[4])
  if committed then
    return {committed == fingerprint and 'repeated' or 'conflict'}
  end
  if now_millis() > tonumber(lease) then
    return {'lease_expired'}
  end
end
local stored = redis.call('HMGET', KEYS[1], 'origin', 'last_attempt')
if not creates and not (stored[1] and in_scope(stored[1], scope)) then
  return {'not_found'}
end
if stored[1] and (creates or stored[2] == attempt) then
  return {'repeated'}
end
local duplicate = find_duplicate(batch, KEYS[3], has_marker)
if duplicate then
  return {'duplicate', duplicate}
end
local unresolved = find_unresolved(batch, location)
if #unresolved > 0 then
  return {'unresolved', unresolved}
end

if creates then
  redis.call('HSET', KEYS[1], 'origin', origin, 'metadata', metadata, 'updated_at', updated_at,
    'locations_expire_at', expires_at)
else
  redis.call('HSET', KEYS[1], 'updated_at', updated_at, 'last_attempt', attempt)
end
append_items(1, batch)
local behind = expire_conversation(1, expires_at, lag)
if has_marker then
  redis.call('SET', KEYS[4], fingerprint)
  expire_at(KEYS[4], expires_at)
end
if one_server then
  if creates then
    index_add(KEYS[4], KEYS[5], member, score, expires_at)
  else
    index_renew(KEYS[4], KEYS[5], member, expires_at)
  end
  for _, item in ipairs(batch) do
    location_add(item.locations_key, location, expires_at)
  end
end
return {'ok', behind}
