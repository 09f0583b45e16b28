-- Reads a response and those before it, newest first, until one is not stored, due or out of scope.
-- For one server only: the keys of the earlier responses are not known before the script runs.
-- KEYS: pointer. ARGV: scope, horizon, number of responses at most.
local chain = {}
local pointer = KEYS[1]
while pointer and #chain < 2 * ARGV[3] do
  local hash = string.match(redis.call('GET', pointer) or '', '^%S+ %S+ %S+ (%S+)$')
  if not hash or not response_found(hash, ARGV[1], ARGV[2]) then
    break
  end
  local response = redis.call('HMGET', hash, 'description', 'json', 'previous_pointer')
  chain[#chain + 1] = response[1]
  chain[#chain + 1] = response[2]
  pointer = response[3]
end
return chain
