-- Takes or renews the lease of a server that makes runs, or ends it. KEYS: servers, runs of this one.
-- ARGV: server, milliseconds, or 0 to end it.
local ends_at = now_millis() + ARGV[2]
if ARGV[2] == '0' and redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  local left = redis.call('PTTL', KEYS[1])
  redis.call('ZADD', KEYS[1], ends_at, ARGV[1])
  expire_later(KEYS[1], string.format('%.0f', ends_at + LONGEST_REQUEST), left)
end
return 1
