-- Makes a pending response a recorded one, after its conversation has committed the turn.
-- KEYS: response hash. ARGV: fingerprint.
if redis.call('HGET', KEYS[1], 'fingerprint') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'lease', 'marker')
end
return 1
