-- Reads the ids of a conversation's items. KEYS: positions.
return redis.call('HKEYS', KEYS[1])
