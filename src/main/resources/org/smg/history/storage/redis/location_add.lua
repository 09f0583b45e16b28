-- Adds a location to those of an item and answers 1, or 0 if it was there.
-- KEYS: locations. ARGV: location, expires_at.
return location_add(KEYS[1], ARGV[1], ARGV[2])
