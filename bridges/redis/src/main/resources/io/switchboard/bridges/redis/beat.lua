-- A heartbeat. KEYS[1]: the counts of all nodes by incarnation. ARGV: our incarnation, our count, then incarnations to be
-- forgotten. Gives our last count, empty if it was not there, and then all counts.
local before = redis.call('HGET', KEYS[1], ARGV[1]) or ''
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
for i = 3, #ARGV do
  redis.call('HDEL', KEYS[1], ARGV[i])
end
return {before, unpack(redis.call('HGETALL', KEYS[1]))}
