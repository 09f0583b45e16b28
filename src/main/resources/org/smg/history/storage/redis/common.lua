-- Functions that every script can use: this file is put in front of each of them.
--
-- Names of arguments:
--   expires_at  milliseconds since 1970 as text, or -1 for a key that never expires. It stays text:
--               Lua's numbers would lose digits when they are turned back into text.
--   scope       the bytes of the owner whose records are in scope, or '' for the whole tenant
--   location    a conversation or response that has an item's content
--   lag         milliseconds by which the locations of a conversation's items may expire before
--               the conversation itself

-- Every record of a conversation, a response or feedback begins with its owner, in the same bytes
-- as a scope (see RecordEncoding.java). The owner's length is part of them, so that no owner is
-- mistaken for the beginning of another one.
local function in_scope(record, scope)
  return string.sub(record, 1, #scope) == scope
end

-- Whether the conversation with this hash is stored and in scope.
local function conversation_in_scope(hash, scope)
  local origin = redis.call('HGET', hash, 'origin')
  return origin and in_scope(origin, scope)
end

-- Whether the response with this hash is stored and in scope.
local function response_in_scope(hash, scope)
  local description = redis.call('HGET', hash, 'description')
  return description and in_scope(description, scope)
end

local function expire_at(key, expires_at)
  if expires_at == '-1' then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIREAT', key, expires_at)
  end
end

local function now_millis()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Several writers share the key, so its expiry may be put off and never brought forward.
local function extend_expiry(key, expires_at, is_new)
  local left = redis.call('PTTL', key)
  if expires_at == '-1' or is_new
      or left >= 0 and now_millis() + left < tonumber(expires_at) then
    expire_at(key, expires_at)
  end
end

-- Adds a location to those of an item and answers the ones before it.
local function location_add(key, location, expires_at)
  local locations = redis.call('GET', key)
  if not locations then
    redis.call('SET', key, location)
  elseif not string.find(' ' .. locations .. ' ', ' ' .. location .. ' ', 1, true) then
    local kept = locations
    if #locations >= 4096 then
      -- The second one makes room. The first stays: it is where the item was first stored, and
      -- other users who store the same id must not push it out.
      kept = string.gsub(locations, '^(%S+) %S+', '%1', 1)
    end
    redis.call('SET', key, kept .. ' ' .. location, 'KEEPTTL')
  end
  extend_expiry(key, expires_at, not locations)
  return locations or ''
end

-- Adds a member to an index, which is ordered by score and then by member. Up to 100 members that
-- have expired are removed on the way.
local function index_add(members, expiry, member, score, expires_at)
  redis.call('ZADD', members, score, member)
  if expires_at == '-1' then
    redis.call('ZREM', expiry, member)
    redis.call('PERSIST', expiry)
  else
    redis.call('ZADD', expiry, expires_at, member)
    extend_expiry(expiry, expires_at, redis.call('PTTL', expiry) == -1)
    local expired = redis.call('ZRANGEBYSCORE', expiry, '-inf', now_millis(), 'LIMIT', 0, 100)
    if #expired > 0 then
      redis.call('ZREM', members, unpack(expired))
      redis.call('ZREM', expiry, unpack(expired))
    end
  end
  -- A member without an entry in the expiry set never expires, so the index must not either.
  if expires_at == '-1' or redis.call('ZCARD', members) > redis.call('ZCARD', expiry) then
    redis.call('PERSIST', members)
  else
    extend_expiry(members, expires_at, redis.call('PTTL', members) == -1)
  end
end

-- Puts off the expiry of a member that is in an index.
local function index_renew(members, expiry, member, expires_at)
  local score = redis.call('ZSCORE', members, member)
  if score then
    index_add(members, expiry, member, score, expires_at)
  end
end

-- The item's id in a list entry, in the format of ItemEncoding.java. It is either in front, behind
-- its length, or inside the JSON, where its last 32 hexadecimal digits may be packed into 16 bytes.
local function item_id(entry)
  local head = struct.unpack('>H', entry)
  if head < 0x8000 then
    return string.sub(entry, 3, 2 + head)
  end
  local first = 7 + head - 0x8000
  local past = first + string.byte(entry, 3)
  if string.byte(entry, 6) < 0x80 then
    return string.sub(entry, first, past - 1)
  end
  local digits = string.gsub(string.sub(entry, past - 32, past - 17), '.', function(byte)
    return string.format('%02x', string.byte(byte))
  end)
  return string.sub(entry, first, past - 33) .. digits
end

-- Reads a batch of items from the arguments: id, kind and entry of each. The kinds:
--   item                its own content counts, unless the id has content elsewhere already
--   reference           has no content of its own: the caller has to find it
--   resolved_item       the entry is the content to store
--   resolved_reference  likewise, and an item that the conversation has is not appended again
local function read_batch(first, keys_before_locations)
  local batch = {}
  local count = 0
  for i = first, #ARGV, 3 do
    count = count + 1
    batch[count] = {
      id = ARGV[i],
      kind = ARGV[i + 1],
      entry = ARGV[i + 2],
      locations_key = keys_before_locations and KEYS[keys_before_locations + count],
    }
  end
  return batch
end

-- The items whose content the caller has to find first: pairs of an index and the item's
-- locations. own is a location that does not count.
local function find_unresolved(batch, own)
  local unresolved = {}
  for i, item in ipairs(batch) do
    if item.locations_key and (item.kind == 'item' or item.kind == 'reference') then
      local locations = redis.call('GET', item.locations_key)
      if item.kind == 'reference' or (locations and locations ~= own) then
        unresolved[#unresolved + 1] = i - 1
        unresolved[#unresolved + 1] = locations or ''
      end
    end
  end
  return unresolved
end

-- The id of an item that the conversation has already, or nil.
local function find_duplicate(batch, positions, allow_references)
  for _, item in ipairs(batch) do
    local is_reference = item.kind == 'reference' or item.kind == 'resolved_reference'
    if not (allow_references and is_reference)
        and redis.call('HEXISTS', positions, item.id) == 1 then
      return item.id
    end
  end
end

-- Lets a conversation's hash, items and positions, which begin at KEYS[first], expire in the same
-- instant. Answers 1 if the locations of its items expire earlier by more than lag, else 0.
local function expire_conversation(first, expires_at, lag)
  for i = first, first + 2 do
    expire_at(KEYS[i], expires_at)
  end
  local held = redis.call('HGET', KEYS[first], 'locations_expire_at')
  if held == expires_at then
    return 0
  end
  if not held or held == '-1' or expires_at == '-1' then
    return 1
  end
  return tonumber(expires_at) - tonumber(held) > tonumber(lag) and 1 or 0
end

-- Appends the items that the conversation, whose hash is KEYS[first], does not have yet. A removed
-- item leaves an empty entry in the list, so an entry's index is always its position less one.
local function append_items(first, batch)
  local items, positions = KEYS[first + 1], KEYS[first + 2]
  for _, item in ipairs(batch) do
    if item.kind ~= 'resolved_reference' or redis.call('HEXISTS', positions, item.id) == 0 then
      redis.call('HSET', positions, item.id, redis.call('RPUSH', items, item.entry))
      item.appended = true
    end
  end
end
