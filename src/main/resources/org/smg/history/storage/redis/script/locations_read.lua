-- Reads the locations of an item and when they expire. KEYS: locations.
return {redis.call('GET', KEYS[1]), expiry_of(KEYS[1])}
