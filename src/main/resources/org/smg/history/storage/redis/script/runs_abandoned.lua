-- Finds runs of servers that have no lease, and forgets such servers without runs. The keys of a
-- server's runs are in the same slot, and not known before.
-- KEYS: servers that make runs. ARGV: number of runs at most. Answers server, run and pointer of each.
local found, now = {}, string.format('%.0f', now_millis())
for _, server in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  local runs = KEYS[1] .. ':' .. server
  local missing = ARGV[1] - #found / 3
  if redis.call('EXISTS', runs) == 0 then
    redis.call('ZREM', KEYS[1], server)
  elseif missing > 0 then
    local noted = redis.call('HRANDFIELD', runs, missing, 'WITHVALUES')
    for i = 1, #noted, 2 do
      found[#found + 1] = server
      found[#found + 1] = noted[i]
      found[#found + 1] = noted[i + 1]
    end
  end
end
return found
