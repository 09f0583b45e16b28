-- Makes sure that no response can be recorded with a token from now on, unless one is there.
-- KEYS: response hash, voided tokens. ARGV: scope, horizon, fingerprint, token, expires_at.
local scope, horizon, fingerprint, token, expires_at = unpack(ARGV)
local before = recorded_before(KEYS[1], fingerprint, scope, horizon)
if before then
  return {before, KEYS[1]}
end
void_token(KEYS[2], token, expires_at)
return {'ok'}
