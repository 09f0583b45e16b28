-- Gives a conversation free whose run has ended without it: its response expired, or was deleted by a
-- server that knows no runs. KEYS: conversation hash, response hash. ARGV: the response's id.
-- Answers whether the conversation was kept for this run alone.
if redis.call('HEXISTS', KEYS[2], 'run_token') == 1 then
  return 0
end
return unclaim(KEYS[1], ARGV[1]) and 1 or 0
