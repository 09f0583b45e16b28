-- Deletes feedback. KEYS: feedback of a response.
return redis.call('HDEL', KEYS[1], ARGV[1])
