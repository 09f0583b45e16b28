-- Takes a member out of a list. KEYS: list, list expiry.
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
