-- Finishes a run: puts the finished response in the place of its prompt, gives the conversation free,
-- and appends the turn's items to it.
-- KEYS: response hash, items; conversation hash, items, positions; on one server also the index of
-- conversations, the servers that make runs, and the locations of each item.
-- ARGV: as they are named below, and the batch: the output, and before it, where mode is append, the
-- input. inputs: how many items of the batch are input. contents: those of the output. run: under
-- which name the server has noted it.
local run_token, id, mode, inputs, expires_at, lag, updated_at = unpack(ARGV, 1, 7)
local response_location, conversation_location, run = unpack(ARGV, 8, 10)
local fingerprint, description, contents, json, counted = unpack(ARGV, 11, 15)
local batch = read_batch(16, 7)
local one_server = KEYS[6]

local stored = redis.call('HMGET', KEYS[1], 'run_token', 'run_server', 'fingerprint', 'description',
  'contents', 'expires_at', 'bytes')
if stored[1] ~= run_token then
  if not stored[1] and stored[3] == fingerprint then
    return {'repeated', stored[4], redis.call('HGET', KEYS[1], 'json')}
  end
  return {'ended'}
end
-- A conversation that was deleted meanwhile is not kept for this run.
local appends = mode == 'append' and redis.call('HGET', KEYS[3], 'run') == id
local duplicate = appends and find_duplicate(3, batch, true, '')
if duplicate then
  return {'duplicate', duplicate}
end

local deadline, bytes = stored[6], #json - redis.call('HSTRLEN', KEYS[1], 'json')
-- As where a turn is recorded: the first write takes memory.
redis.call('HSET', KEYS[1], 'json', json, 'fingerprint', fingerprint, 'description', description,
  'contents', stored[5] .. contents)
redis.call('HDEL', KEYS[1], 'run_token', 'run_server')
for i = inputs + 1, #batch do
  if batch[i].kind ~= 'in_json' then
    redis.call('RPUSH', KEYS[2], batch[i].entry)
    bytes = bytes + size_of(batch[i].entry)
  end
end
expire_at(KEYS[2], deadline)
if stored[7] then
  redis.call('HSET', KEYS[1], 'bytes', string.format('%.0f', bytes + stored[7]))
end
unclaim(KEYS[3], id)
local behind = 0
if appends then
  redis.call('HSET', KEYS[3], 'updated_at', updated_at)
  append_items(3, batch)
  if counted ~= '' then
    bytes = bytes + count_bytes(KEYS[3], size_of_new(batch))
  end
  behind = renew_conversation(3, KEYS[6], expires_at, lag)
end
if one_server then
  redis.call('HDEL', KEYS[7] .. ':' .. stored[2], run)
  for _, item in ipairs(batch) do
    if appends and not item.is_known then
      location_add(item.locations, conversation_location .. ' ' .. response_location,
        later_of(expires_at, deadline))
    else
      location_add(item.locations, response_location, deadline)
    end
  end
end
return {'ok', behind, bytes, stored[2]}
