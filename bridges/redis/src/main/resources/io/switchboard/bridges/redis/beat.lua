-- A heartbeat. KEYS[1]: the counts of all nodes by incarnation. ARGV: our incarnation, our count, then incarnations to be
-- forgotten. Gives our last count, empty if it was not there, and then all counts,
-- also of those that are forgotten: one that beats again is alive again.
local before = redis.call('HGET', KEYS[1], ARGV[1]) or ''
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local counts = redis.call('HGETALL', KEYS[1])
for i = 3, #ARGV do
  redis.call('HDEL', KEYS[1], ARGV[i])
end
return {before, unpack(counts)}
