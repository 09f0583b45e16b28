-- Adds a location to those of an item and answers the ones before it.
-- KEYS: locations. ARGV: location, expires_at.
return location_add(KEYS[1], ARGV[1], ARGV[2])
