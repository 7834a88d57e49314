-- Renews what a node has entered for a topic, if that is all there. KEYS[1] as for enter. ARGV: incarnation, how many
-- sessions there are to be, how long to keep the keys (ms).
local sessions = KEYS[1] .. ':' .. ARGV[1]
local there = redis.call('HLEN', sessions)
if there ~= tonumber(ARGV[2]) or (there > 0 and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0) then
  return 0
end
redis.call('PEXPIRE', sessions, ARGV[3])
redis.call('PEXPIRE', sessions .. ':u', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
