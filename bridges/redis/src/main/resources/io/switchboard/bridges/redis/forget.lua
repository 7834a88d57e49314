-- Forgets what a node has entered for a topic. KEYS[1] as for enter. ARGV: incarnation.
local sessions = KEYS[1] .. ':' .. ARGV[1]
redis.call('DEL', sessions, sessions .. ':u')
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
