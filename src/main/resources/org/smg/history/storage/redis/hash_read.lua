-- Reads fields of a hash. KEYS: hash. ARGV: names of fields.
return redis.call('HMGET', KEYS[1], unpack(ARGV))
