-- Deletes a response and its feedback, and voids its token. Answers what the caller needs to remove
-- what leads to them. A run is deleted, and its conversation given free, only if that one is meant.
-- KEYS: response hash, items, feedback, voided tokens; conversation hash. ARGV: scope, horizon, the
-- fingerprint of the only response that is meant, or empty for whichever is there; its id.
if not response_found(KEYS[1], ARGV[1], ARGV[2])
    or ARGV[3] ~= '' and redis.call('HGET', KEYS[1], 'fingerprint') ~= ARGV[3] then
  return {'not_found'}
end
local response = redis.call('HMGET', KEYS[1], 'token', 'expires_at', 'description', 'contents',
  'bytes', 'run_server')
if response[6] then
  if ARGV[3] == '' then
    return {'running'}
  end
  unclaim(KEYS[5], ARGV[4])
end
local feedback = redis.call('HGETALL', KEYS[3])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
void_token(KEYS[4], response[1], response[2])
return {'ok', response[1], response[2], response[3], response[4], feedback,
  tonumber(response[5] or '0'), response[6]}
