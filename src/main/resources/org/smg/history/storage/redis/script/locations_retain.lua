-- Replaces the locations of an item and their expiry, unless a writer has changed either of them.
-- KEYS: locations. ARGV: locations and expiry that were read; locations to set, or '' to remove the
-- key; expires_at. Answers whether that is done.
local there, expiry, locations, expires_at = unpack(ARGV)
if redis.call('GET', KEYS[1]) ~= there or expiry_of(KEYS[1]) ~= expiry then
  return 0
end
if locations == '' then
  redis.call('DEL', KEYS[1])
elseif locations ~= there then
  set_until(KEYS[1], locations, expires_at)
elseif expires_at ~= expiry then
  expire_at(KEYS[1], expires_at)
end
return 1
