-- Functions that every script can use: this file is put in front of each of them.
--
-- Names of arguments:
--   scope       'owner <name>' for what one user made, or 'tenant' for everything
--   horizon     microseconds since 1970: a conversation that was updated, or a response that was
--               recorded, before it is due, and treated as if it were not there
--   expires_at  milliseconds since 1970 as text, or -1 for a key that never expires. It stays text:
--               Lua's numbers would lose digits when they are turned back into text.
--   location    a conversation or response that has an item's content
--   counted     the bytes of a write beside those of its batch, or empty if nobody counts bytes
--   lag         milliseconds by which what leads to a conversation may lag behind its expiry
--   lists, entry  a member of an index and the lists that it is on (see OrderedIndex.java)
--   room        the bytes that a conversation's items may have together
--
-- A response with a run_token is still being made. Its conversation has its id as run, and the ids
-- of its input as run_input, with a line break before and behind each of them.

-- Milliseconds, longer than any request lives: so long a token stays voided.
local LONGEST_REQUEST = 3600000

local function in_scope(owner, scope)
  return scope == 'tenant' or owner and scope == 'owner ' .. owner
end

local function is_due(stored_at, horizon)
  return tonumber(stored_at) < tonumber(horizon)
end

-- Whether the conversation with this hash is stored, in scope and not due.
local function conversation_found(hash, scope, horizon)
  local stored = redis.call('HMGET', hash, 'version', 'owner', 'updated_at')
  return stored[1] and in_scope(stored[2], scope) and not is_due(stored[3], horizon)
end

-- When a response was recorded. Other names in a description never follow a line break like this.
local function recorded_at(description)
  return string.match(description, '\nrecorded_at (%-?%d+)\n')
end

-- Whether the response with this hash is stored, in scope and not due.
local function response_found(hash, scope, horizon)
  local stored = redis.call('HMGET', hash, 'version', 'owner', 'description')
  return stored[1] and in_scope(stored[2], scope) and not is_due(recorded_at(stored[3]), horizon)
end

-- What to answer where a response has the hash already: repeated if it is the same turn; due if it
-- has to be removed first; or nil.
local function recorded_before(hash, fingerprint, scope, horizon)
  local stored = redis.call('HMGET', hash, 'fingerprint', 'owner', 'description', 'run_token')
  if stored[1] then
    if is_due(recorded_at(stored[3]), horizon) and not stored[4] then
      return 'due'
    end
    return stored[1] == fingerprint and in_scope(stored[2], scope) and 'repeated' or 'conflict'
  end
end

local function now_millis()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function expire_at(key, expires_at)
  if expires_at == '-1' then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIREAT', key, expires_at)
  end
end

-- Puts off the expiry of a key that several writers share, and never brings it forward. left is
-- the key's PTTL before the write.
local function expire_later(key, expires_at, left)
  if left == -2 or left >= 0
      and (expires_at == '-1' or now_millis() + left < tonumber(expires_at)) then
    expire_at(key, expires_at)
  end
end

local function later_of(one, other)
  if one == '-1' or other == '-1' then
    return '-1'
  end
  return tonumber(one) > tonumber(other) and one or other
end

-- When a key expires, or -1 for never.
local function expiry_of(key)
  local left = redis.call('PTTL', key)
  return left < 0 and '-1' or string.format('%.0f', now_millis() + left)
end

-- When something expires that was stored at a time: as soon as it is due. retention is in
-- milliseconds, or -1 for ever.
local function expiry_by(stored_at, retention)
  return retention == '-1' and '-1'
    or string.format('%.0f', math.floor(stored_at / 1000) + retention + 1)
end

-- Sets a value that expires.
local function set_until(key, value, expires_at)
  if expires_at == '-1' then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'PXAT', expires_at)
  end
end

-- Whether the record of an idempotency key is there already. Without a key the record is empty.
local function is_used(key, record)
  return record ~= '' and redis.call('EXISTS', key) == 1
end

-- Stores the record of an idempotency key for as long as such keys are known.
local function record_once(key, record)
  if record ~= '' then
    redis.call('SET', key, record, 'PX', 86400000)
  end
end

-- Adds locations, with a space between them, to those of an item, and answers how many are new.
local function location_add(key, locations, expires_at)
  local there = redis.call('GET', key)
  if not there then
    set_until(key, '1 ' .. locations, expires_at)
    local _, spaces = string.gsub(locations, ' ', '')
    return spaces + 1
  end
  local added = 0
  for location in string.gmatch(locations, '%S+') do
    if not string.find(there .. ' ', ' ' .. location .. ' ', 1, true) then
      if #there >= 4096 then
        -- The second one makes room. The first stays: it is where the item was first stored, and
        -- other users who store the same id must not push it out.
        there = string.gsub(there, '^(%S+ %S+) %S+', '%1', 1)
      end
      there = there .. ' ' .. location
      added = added + 1
    end
  end
  if added > 0 then
    redis.call('SET', key, there, 'KEEPTTL')
  end
  expire_later(key, expires_at, redis.call('PTTL', key))
  return added
end

-- Removes the members of an index that have expired, and answers the others. Each ends in the time
-- of its expiry, which has 13 digits. A server that refuses writes still answers.
local function remove_expired(index, members)
  local now, kept = string.format('%013.0f', now_millis()), {}
  for _, member in ipairs(members) do
    if string.sub(member, -13) <= now then
      redis.pcall('ZREM', index, member)
    else
      kept[#kept + 1] = member
    end
  end
  return kept
end

-- Adds an entry to lists of an index. For each new member three others are looked at, and removed if
-- they have expired: so about a third of an index is expired at most, whoever reads it.
local function index_add(index, lists, entry, expires_at)
  local left = redis.call('PTTL', index)
  local count = 0
  for list in string.gmatch(lists, '%S+') do
    redis.call('ZADD', index, 0, list .. ' ' .. entry)
    count = count + 1
  end
  expire_later(index, expires_at, left)
  remove_expired(index, redis.call('ZRANDMEMBER', index, -3 * count))
end

-- Refuses a token from now on.
local function void_token(voided, token, expires_at)
  local now = now_millis()
  local until_millis = now + LONGEST_REQUEST
  if expires_at ~= '-1' then
    -- After its expiry a token is refused in any case.
    until_millis = math.min(until_millis, tonumber(expires_at))
  end
  local left = redis.call('PTTL', voided)
  redis.call('ZREMRANGEBYSCORE', voided, '-inf', now)
  redis.call('ZADD', voided, until_millis, token)
  expire_later(voided, string.format('%.0f', until_millis), left)
end

-- Reads a batch of items from the arguments: id, kind and entry of each. The kind is item;
-- reference for one whose entry is what was found under the id; or in_json for one that the
-- response's JSON has. On one server the locations of the items follow the given number of keys.
local function read_batch(first, keys_before_locations)
  local batch = {}
  for i = first, #ARGV, 3 do
    local count = #batch + 1
    batch[count] = {
      id = ARGV[i],
      kind = ARGV[i + 1],
      entry = ARGV[i + 2],
      locations = KEYS[keys_before_locations + count],
    }
  end
  return batch
end

-- The ids that the run of a conversation has taken in it, or an empty text.
local function taken_ids(hash)
  return redis.call('HGET', hash, 'run_input') or ''
end

-- The id of an item that the conversation, whose hash is KEYS[first], may not be given because it
-- has the id already, or it is taken, or nil. What a turn refers to, or sends again with the same
-- bytes, is not refused but known: it stays where it is.
local function find_duplicate(first, batch, is_turn, taken)
  local items, positions = KEYS[first + 1], KEYS[first + 2]
  for _, item in ipairs(batch) do
    if string.find(taken, '\n' .. item.id .. '\n', 1, true) then
      return item.id
    end
    local position = redis.call('HGET', positions, item.id)
    if position then
      item.is_known = is_turn and (item.kind == 'reference'
        or redis.call('LINDEX', items, position - 1) == item.entry)
      if not item.is_known then
        return item.id
      end
    end
  end
end

-- The bytes of an entry's JSON, behind its version, id and type.
local function size_of(entry)
  local _, head = string.find(entry, '^%S+ %S+ %S+ ')
  return #entry - (head or 0)
end

-- Adds to what a conversation counts, as far as that is not less than nothing; answers by how much.
local function count_bytes(hash, bytes)
  local before = tonumber(redis.call('HGET', hash, 'bytes') or '0')
  local change = math.max(bytes, -before)
  redis.call('HINCRBY', hash, 'bytes', string.format('%.0f', change))
  return change
end

-- The bytes of those items of a batch that a conversation does not have yet.
local function size_of_new(batch)
  local bytes = 0
  for _, item in ipairs(batch) do
    if not item.is_known then
      bytes = bytes + size_of(item.entry)
    end
  end
  return bytes
end

-- Appends the items that the conversation, whose hash is KEYS[first], does not have yet, as
-- find_duplicate found. A removed item leaves an empty entry in the list, so an entry's index is
-- always its position less one.
local function append_items(first, batch)
  local items, positions = KEYS[first + 1], KEYS[first + 2]
  for _, item in ipairs(batch) do
    if not item.is_known then
      redis.call('HSET', positions, item.id, redis.call('RPUSH', items, item.entry))
    end
  end
end

-- All entries of a list, or nil if their JSON needs more than the room there is.
local function read_all(list, room)
  local entries, bytes, length = {}, 0, redis.call('LLEN', list)
  room = tonumber(room)
  for from = 0, length - 1, 500 do
    for _, entry in ipairs(redis.call('LRANGE', list, from, from + 499)) do
      if entry ~= '' then
        entries[#entries + 1] = entry
        bytes = bytes + size_of(entry)
      end
    end
    if bytes > room then
      return nil
    end
  end
  return room >= 0 and entries or nil
end

-- With which token and deadline a response is recorded: those of the pointer, if there is one, or
-- those that were drawn for it. Before them comes what to answer instead, or nil.
local function choose_token(hash, voided, pointer, token, deadline)
  if pointer then
    local other_token, other_deadline, other_hash = string.match(pointer, '^%S+ (%S+) (%S+) (%S+)$')
    -- One that was left long ago, or with another retention, must not decide when this one expires.
    if other_hash ~= hash or math.abs(deadline - other_deadline) >= LONGEST_REQUEST then
      return {'elsewhere', pointer}
    end
    token, deadline = other_token, other_deadline
  end
  if redis.call('ZSCORE', voided, token)
      or deadline ~= '-1' and tonumber(deadline) <= now_millis() then
    return {'voided', token, deadline}
  end
  return nil, token, deadline
end

-- Stores a response with the given names and values, and those items of its batch that its JSON does
-- not have; answers the bytes. The first write takes memory: a Redis without free memory refuses a
-- script at its first such write, and then nothing is stored.
local function store_response(hash, items, json, batch, counted, deadline, ...)
  redis.call('HSET', hash, 'expires_at', deadline, 'json', json, ...)
  local bytes = #json
  for _, item in ipairs(batch) do
    if item.kind ~= 'in_json' then
      redis.call('RPUSH', items, item.entry)
      bytes = bytes + size_of(item.entry)
    end
  end
  expire_at(hash, deadline)
  expire_at(items, deadline)
  if counted == '' then
    return 0
  end
  redis.call('HSET', hash, 'bytes', string.format('%.0f', bytes))
  return bytes
end

-- Gives a conversation free, if it is kept for this run; answers whether it was.
local function unclaim(conversation, run)
  if redis.call('HGET', conversation, 'run') ~= run then
    return false
  end
  redis.call('HDEL', conversation, 'run', 'run_input')
  return true
end

-- Notes under a server what leads to its run, so that others find it when the server has no lease.
-- One that never had a lease is without one.
local function note_run(servers, runs, server, run, pointer, expires_at)
  local left, left_of_runs = redis.call('PTTL', servers), redis.call('PTTL', runs)
  redis.call('ZADD', servers, 'NX', 0, server)
  redis.call('HSET', runs, run, pointer)
  expire_later(servers, expires_at, left)
  expire_later(runs, expires_at, left_of_runs)
end

-- Lets a conversation's hash, items and positions, which begin at KEYS[first], expire in the same
-- instant, and on one server the index of conversations not before. Answers 1 if what else leads to
-- the conversation expires earlier by more than lag, else 0.
local function renew_conversation(first, index, expires_at, lag)
  for i = first, first + 2 do
    expire_at(KEYS[i], expires_at)
  end
  if index then
    expire_later(index, expires_at, redis.call('PTTL', index))
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

-- What is answered of a conversation.
local function read_conversation(hash)
  return redis.call('HMGET', hash, 'version', 'owner', 'created_at', 'updated_at', 'metadata')
end

-- Where a response has an item: its place among the lines of the response's contents, counted from
-- 1, and the rest of its line, which is empty if the item is in the response's list.
local function find_content(contents, id)
  local lines = '\n' .. contents
  local at, past = string.find(lines, '\n' .. id .. '\n', 1, true)
  if not at then
    at, past = string.find(lines, '\n' .. id .. ' ', 1, true)
  end
  if at then
    local _, place = string.gsub(string.sub(lines, 1, at), '\n', '')
    return place, string.match(string.sub(lines, past), '^ ([^\n]*)') or ''
  end
end

-- A page of a list's entries: how many are wanted, from which index on (0 is the first), within the
-- first length entries. Empty entries are passed over.
local function read_page(list, index, length, wanted, ascending)
  local page = {'ok'}
  while index >= 0 and index < length and #page <= wanted do
    local missing = wanted + 1 - #page
    local from = ascending and index or math.max(0, index - missing + 1)
    local to = ascending and math.min(length - 1, index + missing - 1) or index
    local entries = redis.call('LRANGE', list, from, to)
    for i = 1, #entries do
      local entry = entries[ascending and i or #entries + 1 - i]
      if entry ~= '' then
        page[#page + 1] = entry
      end
    end
    index = ascending and to + 1 or from - 1
  end
  return page
end
