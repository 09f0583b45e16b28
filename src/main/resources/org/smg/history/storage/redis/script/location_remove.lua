-- Removes a location from those of an item, unless the item is there again. KEYS: locations; on
-- one server also the positions of the conversation that is the location. ARGV: location, item id.
if KEYS[2] and redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then
  return 0
end
local locations = redis.call('GET', KEYS[1])
if not locations then
  return 0
end
local kept = {}
for location in string.gmatch(locations, '%S+') do
  if location ~= ARGV[1] then
    kept[#kept + 1] = location
  end
end
if #kept == 1 then
  -- Nothing is left but the version.
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], table.concat(kept, ' '), 'KEEPTTL')
end
return 1
