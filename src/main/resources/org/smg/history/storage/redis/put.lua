-- Writes a value.
redis.call('SET', KEYS[1], ARGV[1])
keep(KEYS[1], ARGV[2])
return 1
