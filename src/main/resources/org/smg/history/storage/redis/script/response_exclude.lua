-- Makes sure that no response can be recorded with a token from now on, unless one is there.
-- KEYS: response hash, voided tokens. ARGV: scope, fingerprint, token, expires_at.
local scope, fingerprint, token, expires_at = unpack(ARGV)
local before = recorded_before(KEYS[1], fingerprint, scope)
if before then
  return {before}
end
void_token(KEYS[2], token, expires_at)
return {'ok'}
