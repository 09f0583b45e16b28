-- Reads one item of a response's input or output.
-- KEYS: response hash, items. ARGV: scope, horizon, item id.
if not response_found(KEYS[1], ARGV[1], ARGV[2]) then
  return {'not_found'}
end
local place, rest = find_content(redis.call('HGET', KEYS[1], 'contents'), ARGV[3])
if not place then
  return {'ok'}
end
if rest == '' then
  return {'ok', redis.call('LINDEX', KEYS[2], place - 1)}
end
local first, last, type = string.match(rest, '^(%S+) (%S+) (%S*)$')
local json = string.sub(redis.call('HGET', KEYS[1], 'json'), first, last)
return {'ok', '1 ' .. ARGV[3] .. ' ' .. type .. ' ' .. json}
