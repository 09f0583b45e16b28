-- Deletes keys of one slot and answers how many there were.
return redis.call('UNLINK', unpack(KEYS))
