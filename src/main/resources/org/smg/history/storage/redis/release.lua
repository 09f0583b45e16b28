-- Takes a holder of an item's content out, unless it has the item again. KEYS: lookup; on one node
-- also the positions of the holder.
if KEYS[2] and redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then
  return 0
end
local holders = redis.call('GET', KEYS[1])
if not holders then
  return 0
end
local rest = {}
for holder in string.gmatch(holders, '%S+') do
  if holder ~= ARGV[1] then
    rest[#rest + 1] = holder
  end
end
if #rest == 0 then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], table.concat(rest, ' '), 'KEEPTTL')
end
return 1
