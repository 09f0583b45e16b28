-- Makes a pending response a stored one, its conversation having committed the turn.
if redis.call('HGET', KEYS[1], 'f') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 's', 'k')
end
return 1
