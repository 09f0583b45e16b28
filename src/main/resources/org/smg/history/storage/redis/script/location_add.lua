-- Adds locations to those of an item and answers how many are new.
-- KEYS: locations. ARGV: locations with a space between them, expires_at.
return location_add(KEYS[1], ARGV[1], ARGV[2])
