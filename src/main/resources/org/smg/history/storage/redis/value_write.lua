-- Writes a value. KEYS: the key. ARGV: value, expires_at.
redis.call('SET', KEYS[1], ARGV[1])
expire_at(KEYS[1], ARGV[2])
return 1
