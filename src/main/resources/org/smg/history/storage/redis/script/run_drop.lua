-- Drops what a server has noted of a run, if it is still this. KEYS: runs of the server. ARGV: run,
-- pointer. Answers whether it was dropped.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
return redis.call('HDEL', KEYS[1], ARGV[1])
