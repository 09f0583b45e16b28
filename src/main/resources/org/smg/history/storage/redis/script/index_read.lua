-- Reads members of the shortest of several lists of an index, and removes those that have expired.
-- KEYS: index. ARGV: number of members, ASC or DESC, what the members that are wanted begin with at
-- least, and less than what, both behind the name of their list; and the lists.
-- Answers how many members were read, those that have not expired, and the last one.
local wanted, order, low, high = unpack(ARGV, 1, 4)
local shortest, from, to
for i = 5, #ARGV do
  local first, last = '[' .. ARGV[i] .. low, '(' .. ARGV[i] .. high
  local length = #ARGV > 5 and redis.call('ZLEXCOUNT', KEYS[1], first, last) or 0
  if not shortest or length < shortest then
    shortest, from, to = length, first, last
  end
end
local members
if order == 'ASC' then
  members = redis.call('ZRANGEBYLEX', KEYS[1], from, to, 'LIMIT', 0, wanted)
else
  members = redis.call('ZREVRANGEBYLEX', KEYS[1], to, from, 'LIMIT', 0, wanted)
end
return {#members, remove_expired(KEYS[1], members), members[#members]}
