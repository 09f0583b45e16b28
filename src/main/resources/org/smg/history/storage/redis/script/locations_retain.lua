-- Replaces the locations of an item and their expiry, unless a writer has changed either of them.
-- KEYS: locations. ARGV: locations and expiry that were read; locations to set, or '' to remove the
-- key; left: milliseconds until the last of what they lead to is due, -1 for never, or '' if that
-- is not known; expires_at at least, or ''. Answers whether that is done.
local there, expiry, locations, left, at_least = unpack(ARGV)
if redis.call('GET', KEYS[1]) ~= there or expiry_of(KEYS[1]) ~= expiry then
  return 0
end
if locations == '' then
  redis.call('DEL', KEYS[1])
  return 1
end
local expires_at = left
if left ~= '' and left ~= '-1' then
  expires_at = string.format('%.0f', now_millis() + left)
end
if at_least ~= '' then
  expires_at = expires_at == '' and at_least or later_of(expires_at, at_least)
end
if locations ~= there then
  set_until(KEYS[1], locations, expires_at)
elseif expires_at ~= expiry then
  expire_at(KEYS[1], expires_at)
end
return 1
