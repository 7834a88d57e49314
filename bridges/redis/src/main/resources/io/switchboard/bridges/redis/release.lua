-- Gives a place back. KEYS[1]: the user's claims. ARGV: session, its epoch, how long (ms) the highest epoch is to be
-- remembered when nobody is left. Another's claim, or a later one, is left alone.
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value or string.match(value, '^%d+') ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
if redis.call('HLEN', KEYS[1]) <= 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
