-- Removes a member from an index. KEYS: members, expiry. ARGV: member.
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
