-- Deletes keys of one slot and answers how many there were. KEYS: the keys.
return redis.call('UNLINK', unpack(KEYS))
