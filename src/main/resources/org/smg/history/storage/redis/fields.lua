-- Reads fields of a hash.
return redis.call('HMGET', KEYS[1], unpack(ARGV))
