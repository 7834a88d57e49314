-- A session of a node listens to a topic no more. KEYS[1] as for enter. ARGV: incarnation, session.
local sessions = KEYS[1] .. ':' .. ARGV[1]
local users = sessions .. ':u'
local before = redis.call('HGET', sessions, ARGV[2])
if not before then
  return 0
end
local was = string.match(before, '^[^\n]*')
redis.call('HDEL', sessions, ARGV[2])
if redis.call('HINCRBY', users, was, -1) < 1 then
  redis.call('HDEL', users, was)
end
if redis.call('EXISTS', sessions) == 0 then
  redis.call('DEL', users)
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 1
