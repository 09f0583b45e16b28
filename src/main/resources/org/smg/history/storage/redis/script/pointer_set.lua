-- Sets a pointer where there is none or the one that is expected. Answers the pointer that is there
-- now. KEYS: pointer. ARGV: expected, replacement or '' to remove it, expires_at.
local current = redis.call('GET', KEYS[1])
if current and current ~= ARGV[1] then
  return current
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  set_until(KEYS[1], ARGV[2], ARGV[3])
end
return ARGV[2]
