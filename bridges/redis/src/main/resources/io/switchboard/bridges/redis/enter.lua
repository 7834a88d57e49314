-- A session of a node listens to a topic. KEYS[1]: which nodes have entered something for the topic; beside it, in the
-- same slot, KEYS[1]:<incarnation> has their sessions ("user\ninfo\ninfo in the topic") and KEYS[1]:<incarnation>:u how
-- many sessions each user has there. ARGV: incarnation, session, user, value, how long to keep the keys (ms).
local sessions = KEYS[1] .. ':' .. ARGV[1]
local users = sessions .. ':u'
local before = redis.call('HGET', sessions, ARGV[2])
local was = before and string.match(before, '^[^\n]*')
if was ~= ARGV[3] then
  if was and redis.call('HINCRBY', users, was, -1) < 1 then
    redis.call('HDEL', users, was)
  end
  redis.call('HINCRBY', users, ARGV[3], 1)
end
redis.call('HSET', sessions, ARGV[2], ARGV[4])
redis.call('HSET', KEYS[1], ARGV[1], '1')
redis.call('PEXPIRE', sessions, ARGV[5])
redis.call('PEXPIRE', users, ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
