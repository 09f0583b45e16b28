-- Deletes feedback. KEYS: feedback hash of its response. ARGV: scope, feedback id.
local feedback = redis.call('HGET', KEYS[1], ARGV[2])
if not feedback then
  return {'not_found'}
end
if not in_scope(feedback, ARGV[1]) then
  return {'out_of_scope'}
end
redis.call('HDEL', KEYS[1], ARGV[2])
return {'ok'}
