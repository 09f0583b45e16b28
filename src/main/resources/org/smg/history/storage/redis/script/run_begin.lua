-- Begins a run: keeps its conversation for it, stores its prompt as a response, and answers the
-- conversation's items.
-- KEYS: response hash, items, voided tokens; conversation hash, items, positions; record of the
-- idempotency key; on one server also the pointer, the index of responses, the servers that make
-- runs, the runs of this one, and the locations of each item.
-- ARGV: as they are named below, the number of the response's names and values, these, and the
-- batch. mode: claim = in a conversation; alone = without one. taken: the ids of the batch. run: under
-- which name the server notes it.
local scope, horizon, mode, token, deadline, id, taken, room = unpack(ARGV, 1, 8)
local run_token, server, run, record = unpack(ARGV, 9, 12)
local response_location, lists, entry, json, counted, count = unpack(ARGV, 13, 18)
local batch = read_batch(19 + count, 11)
local one_server = KEYS[8]

if redis.call('EXISTS', KEYS[1]) == 1 then
  return {redis.call('HGET', KEYS[1], 'run_token') == run_token and 'begun' or 'conflict'}
end
if is_used(KEYS[7], record) then
  return {'used'}
end
local pointer = one_server and redis.call('GET', KEYS[8])
local refusal
refusal, token, deadline = choose_token(KEYS[1], KEYS[3], pointer, token, deadline)
if refusal then
  return refusal
end
if mode == 'claim' then
  if not conversation_found(KEYS[4], scope, horizon) then
    return {'not_found'}
  end
  local other = redis.call('HGET', KEYS[4], 'run')
  if other then
    return {'locked', other}
  end
  local duplicate = find_duplicate(4, batch, false, '')
  if duplicate then
    return {'duplicate', duplicate}
  end
end
-- Without a conversation this list is the response's, which is empty.
local context = read_all(KEYS[5], room)
if not context then
  return {'too_long'}
end

local bytes = store_response(KEYS[1], KEYS[2], json, batch, counted, deadline, 'token', token,
  'run_token', run_token, 'run_server', server, unpack(ARGV, 19, 18 + count))
if mode == 'claim' then
  redis.call('HSET', KEYS[4], 'run', id, 'run_input', taken)
  -- So that it does not expire before its run ends.
  local at_least = string.format('%.0f', now_millis() + LONGEST_REQUEST)
  for i = 4, 6 do
    expire_later(KEYS[i], at_least, redis.call('PTTL', KEYS[i]))
  end
end
record_once(KEYS[7], record)
if one_server then
  if not pointer then
    pointer = '1 ' .. token .. ' ' .. deadline .. ' ' .. KEYS[1]
    set_until(KEYS[8], pointer, deadline)
  end
  index_add(KEYS[9], lists, entry, deadline)
  note_run(KEYS[10], KEYS[11], server, run, pointer, deadline)
  for _, item in ipairs(batch) do
    location_add(item.locations, response_location, deadline)
  end
end
return {'ok', bytes, context}
