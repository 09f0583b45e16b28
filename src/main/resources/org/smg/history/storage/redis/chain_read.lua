-- Reads a response and those before it, newest first, until one is not stored or out of scope. For
-- one server only: the keys of the earlier responses are not known before the script runs.
-- KEYS: response hash. ARGV: number of responses at most, scope.
local chain = {}
local hash = KEYS[1]
for _ = 1, tonumber(ARGV[1]) do
  local response = redis.call('HMGET', hash, 'description', 'json', 'previous')
  if not response[1] or not in_scope(response[1], ARGV[2]) then
    break
  end
  chain[#chain + 1] = response[1]
  chain[#chain + 1] = response[2]
  if not response[3] then
    break
  end
  hash = response[3]
end
return chain
