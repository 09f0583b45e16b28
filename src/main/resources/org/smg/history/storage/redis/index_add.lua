-- Adds a member to an index. KEYS: members, expiry. ARGV: member, score, expires_at.
index_add(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3])
return 1
