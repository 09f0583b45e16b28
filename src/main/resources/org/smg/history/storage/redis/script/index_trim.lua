-- Looks at some members of an index, and removes those that have expired. KEYS: index.
-- ARGV: the member to begin behind or '', number of members.
-- Answers the last member that was looked at, or '' at the end, and the others.
local after, count = unpack(ARGV)
local members = redis.call('ZRANGEBYLEX', KEYS[1], after == '' and '-' or '(' .. after, '+',
  'LIMIT', 0, count)
local last = #members == tonumber(count) and members[#members] or ''
return {last, remove_expired(KEYS[1], members)}
