-- Adds to the sums of stored bytes of one tenant, and removes what has expired.
-- KEYS: hash of bytes by day and name, such as '20780 -'. ARGV: the first day whose data has not
-- expired, today, expires_at, and names with what is to be added. Days are counted since 1970.
local first, today, expires_at = unpack(ARGV, 1, 3)
local days = {}
local stored = redis.call('HGETALL', KEYS[1])
for i = 1, #stored, 2 do
  local day, name = string.match(stored[i], '^(%d+) (.*)$')
  if tonumber(day) < tonumber(first) then
    redis.call('HDEL', KEYS[1], stored[i])
  else
    days[name] = days[name] or {}
    table.insert(days[name], {number = tonumber(day), field = stored[i], bytes = tonumber(stored[i + 1])})
  end
end
for i = 4, #ARGV, 2 do
  local name, change = ARGV[i], tonumber(ARGV[i + 1])
  if change < 0 and days[name] then
    -- When it was stored is not known. Taken from the oldest days, it cannot outlive them.
    table.sort(days[name], function(a, b) return a.number < b.number end)
    for _, day in ipairs(days[name]) do
      local taken = math.min(day.bytes, -change)
      if taken > 0 then
        redis.call('HINCRBY', KEYS[1], day.field, string.format('%.0f', -taken))
        change = change + taken
      end
    end
  end
  -- What another server has counted, and not added yet, may be deleted already.
  redis.call('HINCRBY', KEYS[1], today .. ' ' .. name, string.format('%.0f', change))
end
expire_at(KEYS[1], expires_at)
return {'ok'}
