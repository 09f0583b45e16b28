-- Reads members of an index in order, each with its score. KEYS: members. ARGV: number of members,
-- ASC or DESC, least score, greatest score, and the member and score to begin behind, if any.
local wanted, ascending = tonumber(ARGV[1]), ARGV[2] == 'ASC'
local first = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[3])
local last = redis.call('ZCOUNT', KEYS[1], '-inf', ARGV[4]) - 1
if ARGV[5] then
  local rank = redis.call('ZRANK', KEYS[1], ARGV[5])
  if not rank then
    -- The member has been removed meanwhile: find the rank that it would have.
    local score = ARGV[6]
    rank = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score)
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], score, score)) do
      if member < ARGV[5] then
        rank = rank + 1
      end
    end
    rank = ascending and rank - 1 or rank
  end
  if ascending then
    first = math.max(first, rank + 1)
  else
    last = math.min(last, rank - 1)
  end
end
if first > last then
  return {}
end
if ascending then
  return redis.call('ZRANGE', KEYS[1], first, math.min(last, first + wanted - 1), 'WITHSCORES')
end
local members = redis.call('ZRANGE', KEYS[1], math.max(first, last - wanted + 1), last, 'WITHSCORES')
local reversed = {}
for i = #members - 1, 1, -2 do
  reversed[#reversed + 1] = members[i]
  reversed[#reversed + 1] = members[i + 1]
end
return reversed
