-- In front of every script. Deadlines are epoch milliseconds as text, -1 for ever;
-- they are never turned into numbers and back, which would cost digits.

local function keep(key, deadline)
  if deadline == '-1' then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIREAT', key, deadline)
  end
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- For a key that serves several: what one of them asks never shortens what another needs, be it
-- for ever.
local function keep_at_least(key, deadline, fresh)
  local left = redis.call('PTTL', key)
  if deadline == '-1' or fresh or left >= 0 and now() + left < tonumber(deadline) then
    keep(key, deadline)
  end
end

-- Enters a holder of an item's content and answers those before it.
local function claim(lookup, holder, deadline)
  local holders = redis.call('GET', lookup)
  if not holders then
    redis.call('SET', lookup, holder)
  elseif not string.find(' ' .. holders .. ' ', ' ' .. holder .. ' ', 1, true) then
    -- The oldest goes when there are very many: any one of them serves.
    local kept = #holders < 4096 and holders or string.match(holders, '^%S+ (.*)$') or holders
    redis.call('SET', lookup, kept .. ' ' .. holder, 'KEEPTTL')
  end
  keep_at_least(lookup, deadline, not holders)
  return holders or ''
end

-- Enters a list, ordered by score and then by member, and drops what has expired meanwhile.
local function enter(list, expiry, member, score, deadline)
  redis.call('ZADD', list, score, member)
  if deadline == '-1' then
    redis.call('ZREM', expiry, member)
    redis.call('PERSIST', expiry)
  else
    redis.call('ZADD', expiry, deadline, member)
    keep_at_least(expiry, deadline, redis.call('PTTL', expiry) == -1)
    local expired = redis.call('ZRANGEBYSCORE', expiry, '-inf', now(), 'LIMIT', 0, 100)
    if #expired > 0 then
      redis.call('ZREM', list, unpack(expired))
      redis.call('ZREM', expiry, unpack(expired))
    end
  end
  -- Members without a deadline are there for ever, and so is their list.
  if deadline == '-1' or redis.call('ZCARD', list) > redis.call('ZCARD', expiry) then
    redis.call('PERSIST', list)
  else
    keep_at_least(list, deadline, redis.call('PTTL', list) == -1)
  end
end

-- Puts off the expiry of what is in a list.
local function stay(list, expiry, member, deadline)
  local score = redis.call('ZSCORE', list, member)
  if score then
    enter(list, expiry, member, score, deadline)
  end
end

-- The id in an entry (see Packed.java): behind its length, or somewhere in the JSON, where its last
-- 32 digits may be 16 bytes.
local function id_of(entry)
  local head = struct.unpack('>H', entry)
  if head < 0x8000 then
    return string.sub(entry, 3, 2 + head)
  end
  local from = 7 + head - 0x8000
  local past = from + string.byte(entry, 3)
  if string.byte(entry, 6) < 0x80 then
    return string.sub(entry, from, past - 1)
  end
  local digits = string.gsub(string.sub(entry, past - 32, past - 17), '.', function(byte)
    return string.format('%02x', string.byte(byte))
  end)
  return string.sub(entry, from, past - 33) .. digits
end

-- A batch: id, kind and entry of each item. Kinds: i is an item whose id may be known elsewhere, r
-- a reference to be followed; I and R are the same once the content is settled.
local function read_batch(first, lookups)
  local batch = {}
  local count = 0
  for i = first, #ARGV, 3 do
    count = count + 1
    batch[count] = {
      id = ARGV[i],
      kind = ARGV[i + 1],
      entry = ARGV[i + 2],
      lookup = lookups and KEYS[lookups + count],
    }
  end
  return batch
end

-- Which contents the caller has to settle first, with those who may hold them; empty if none.
local function unsettled(batch, own)
  local open = {}
  for i, item in ipairs(batch) do
    if item.lookup and (item.kind == 'i' or item.kind == 'r') then
      local holders = redis.call('GET', item.lookup)
      if item.kind == 'r' or (holders and holders ~= own) then
        open[#open + 1] = i - 1
        open[#open + 1] = holders or ''
      end
    end
  end
  return open
end

local function duplicate(batch, positions, references_may_stay)
  for _, item in ipairs(batch) do
    local reference = item.kind == 'r' or item.kind == 'R'
    if not (references_may_stay and reference)
        and redis.call('HEXISTS', positions, item.id) == 1 then
      return item.id
    end
  end
end

-- Keeps the conversation in KEYS from the given index on; its keys expire in the same instant.
-- Answers whether the lookups of its items have fallen behind by more than the slack.
local function keep_conversation(first, deadline, slack)
  for i = first, first + 2 do
    keep(KEYS[i], deadline)
  end
  local held = redis.call('HGET', KEYS[first], 'l')
  if held == deadline then
    return 0
  end
  if not held or held == '-1' or deadline == '-1' then
    return 1
  end
  return tonumber(deadline) - tonumber(held) > tonumber(slack) and 1 or 0
end

-- Appends what the conversation in KEYS does not have yet. A removed item leaves an empty entry, so
-- that an entry's index is always its position less one.
local function append(first, batch)
  local items, positions = KEYS[first + 1], KEYS[first + 2]
  for _, item in ipairs(batch) do
    if item.kind ~= 'R' or redis.call('HEXISTS', positions, item.id) == 0 then
      redis.call('HSET', positions, item.id, redis.call('RPUSH', items, item.entry))
      item.appended = true
    end
  end
end
