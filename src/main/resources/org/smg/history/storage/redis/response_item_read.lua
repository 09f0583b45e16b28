-- Reads one item of a response's input or output.
-- KEYS: response hash, input, output. ARGV: scope, item id.
if not response_in_scope(KEYS[1], ARGV[1]) then
  return {'not_found'}
end
for i = 2, 3 do
  for _, entry in ipairs(redis.call('LRANGE', KEYS[i], 0, -1)) do
    if item_id(entry) == ARGV[2] then
      return {'ok', entry}
    end
  end
end
return {'ok'}
