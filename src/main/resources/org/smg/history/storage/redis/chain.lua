-- Reads a response and those before it, newest first. Only for one node: the keys of those before
-- it are found on the way. KEYS: response. ARGV: how many.
local chain = {}
local key = KEYS[1]
for _ = 1, tonumber(ARGV[1]) do
  local member = redis.call('HMGET', key, 'd', 'j', 'p')
  if not member[1] then
    break
  end
  chain[#chain + 1] = member[1]
  chain[#chain + 1] = member[2]
  if not member[3] then
    break
  end
  key = member[3]
end
return chain
