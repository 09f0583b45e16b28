-- Reads feedback about a response that is not due. KEYS: response hash, feedback hash.
-- ARGV: horizon, feedback id.
return response_found(KEYS[1], 'tenant', ARGV[1]) and redis.call('HGET', KEYS[2], ARGV[2])
