-- Adds an entry to lists of an index, or renews one, or, without lists, only puts off the expiry of
-- the index. KEYS: index. ARGV: add or renew, expires_at, lists, entry, and the part of the entry by
-- which one to renew is known.
local mode, expires_at, lists, entry, known_by = unpack(ARGV)
if mode == 'renew' then
  local list = string.match(lists, '^%S*')
  if lists == '' or redis.call('ZLEXCOUNT', KEYS[1],
      '[' .. list .. ' ' .. known_by .. ' ', '(' .. list .. ' ' .. known_by .. '!') == 0 then
    local left = redis.call('PTTL', KEYS[1])
    if left >= 0 then
      expire_later(KEYS[1], expires_at, left)
    end
    return 0
  end
end
index_add(KEYS[1], lists, entry, expires_at)
return 1
