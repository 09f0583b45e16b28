-- Reads a whole list. KEYS: list.
return redis.call('LRANGE', KEYS[1], 0, -1)
