-- Takes a published key back, if it is still this claim's. KEYS[1]: the key. ARGV: our note beside it, the value, the epoch.
local noted = redis.call('GET', ARGV[1])
if noted and noted ~= ARGV[3] then
  return 0
end
redis.call('DEL', ARGV[1])
if redis.call('GET', KEYS[1]) == ARGV[2] then
  return redis.call('DEL', KEYS[1])
end
return 0
