-- Stores feedback beside its response, with which it expires. KEYS: response, feedback.
local deadline = redis.call('HGET', KEYS[1], 'e')
if not deadline then
  return 0
end
redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2])
keep(KEYS[2], deadline)
return 1
