-- Notes under a server what leads to its run. KEYS: servers that make runs, the runs of this one.
-- ARGV: server, run, pointer, expires_at.
note_run(KEYS[1], KEYS[2], unpack(ARGV))
return 1
