-- Reads a value. KEYS: the key.
return redis.call('GET', KEYS[1])
