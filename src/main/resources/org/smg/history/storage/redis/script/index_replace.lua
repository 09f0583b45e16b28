-- Gives an entry of an index another expiry. KEYS: index. ARGV: expires_at of the index, lists,
-- entry, and the part of the entry by which it is known.
local expires_at, lists, entry, known_by = unpack(ARGV)
local left = redis.call('PTTL', KEYS[1])
for list in string.gmatch(lists, '%S+') do
  local known = list .. ' ' .. known_by
  redis.call('ZREMRANGEBYLEX', KEYS[1], '[' .. known .. ' ', '(' .. known .. '!')
  redis.call('ZADD', KEYS[1], 0, list .. ' ' .. entry)
end
expire_later(KEYS[1], expires_at, left)
return 1
