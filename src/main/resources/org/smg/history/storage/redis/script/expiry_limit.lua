-- Sets the expiry of a key that many share. KEYS: the key. ARGV: no_later, to bring forward what
-- expires later or never, or exactly; expires_at.
local mode, expires_at = unpack(ARGV)
local left = redis.call('PTTL', KEYS[1])
if left ~= -2 and (mode == 'exactly' or expires_at == '-1' or left == -1
    or now_millis() + left > tonumber(expires_at)) then
  expire_at(KEYS[1], expires_at)
end
return 1
