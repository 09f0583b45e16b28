-- Sets a pointer where there is none or the one that is expected: that with the same token, whenever
-- it expires. Answers the pointer that is there now. KEYS: pointer. ARGV: expected, replacement or '' to remove it, expires_at.
local current = redis.call('GET', KEYS[1])
local function token(pointer)
  return string.match(pointer, '^%S+ (%S+) %S+ %S+$')
end
if current and current ~= ARGV[1]
    and not (token(current) and token(current) == token(ARGV[1])) then
  return current
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  set_until(KEYS[1], ARGV[2], ARGV[3])
end
return ARGV[2]
