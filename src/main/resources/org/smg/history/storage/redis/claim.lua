-- Enters a holder of an item's content and answers those before it.
return claim(KEYS[1], ARGV[1], ARGV[2])
