-- Reads a topic's history. KEYS: the stream, what is known of the topic. ARGV: where to begin (an id, - or +), how many,
-- "back" for backwards, the epoch that is meant ('': any), the epoch should a new one begin, the run of this server, how
-- long positions are remembered (ms). Fields: see append.lua.
local meta = redis.call('HMGET', KEYS[2], 'e', 'o', 'r')
local epoch, offset = meta[1], meta[2] or '0'
if not epoch or meta[3] ~= ARGV[6] then
  redis.call('DEL', KEYS[1], KEYS[2])
  epoch, offset = ARGV[5], '0'
  redis.call('HSET', KEYS[2], 'e', epoch, 'o', offset, 'r', ARGV[6])
end
redis.call('PEXPIRE', KEYS[2], ARGV[7])
local answer = {1, offset, epoch}
if tonumber(ARGV[2]) > 0 and (ARGV[4] == '' or ARGV[4] == epoch) then
  local found
  if ARGV[3] == 'back' then
    found = redis.call('XREVRANGE', KEYS[1], ARGV[1], '-', 'COUNT', ARGV[2])
  else
    found = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
  end
  for i = 1, #found do
    answer[#answer + 1] = found[i][2][2]
  end
end
return answer
