-- Writes a published key for a claim. KEYS[1]: the key. ARGV: our note beside it, the value, the claim's epoch, how long (s)
-- the key is to be kept or 0, how long (ms) the note is. The note holds the epoch of the claim that wrote last: an earlier
-- one is too late, and the same one again leaves alone what somebody who knows no notes has written since.
local noted = tonumber(redis.call('GET', ARGV[1]) or '0') or 0
local epoch = tonumber(ARGV[3])
if noted > epoch then
  return 0
end
if noted == epoch then
  local now = redis.call('GET', KEYS[1])
  if now and now ~= ARGV[2] then
    return 0
  end
end
if ARGV[4] == '0' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[4])
end
redis.call('SET', ARGV[1], ARGV[3], 'PX', ARGV[5])
return 1
