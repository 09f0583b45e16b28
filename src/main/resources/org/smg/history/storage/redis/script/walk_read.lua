-- Reads how far the walk over all keys is. KEYS: hash of the walk.
-- Answers that, or '', and the time in milliseconds since 1970.
return {redis.call('HGET', KEYS[1], 'state') or '', string.format('%.0f', now_millis())}
