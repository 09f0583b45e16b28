-- Puts off the expiry of a member of an index. KEYS: members, expiry. ARGV: member, expires_at.
index_renew(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
return 1
