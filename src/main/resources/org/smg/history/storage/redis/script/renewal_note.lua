-- Notes when what leads to a conversation expires. KEYS: conversation hash. ARGV: expires_at.
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'locations_expire_at', ARGV[1])
end
return 1
