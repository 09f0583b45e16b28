-- Puts off the expiry of what is in a list. KEYS: list, list expiry.
stay(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
return 1
