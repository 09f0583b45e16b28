-- Notes until when the lookups of a conversation's items live. KEYS: description.
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'l', ARGV[1])
end
return 1
