-- Reads a value.
return redis.call('GET', KEYS[1])
