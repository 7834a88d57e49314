-- Claims a place for a session of a user. KEYS[1]: the user's claims. ARGV: session, device, node, incarnation, scope
-- (many, user, device), strategy (newest, oldest), epoch of a claim made again or 0, highest epoch the caller knows, how
-- long to keep the key (ms), then the incarnations whose lease has lapsed.
-- Fields: by session "epoch incarnation node device"; "@" holds the highest epoch there was.
local session, device, node, incarnation = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local scope, strategy = ARGV[5], ARGV[6]
local own, last = tonumber(ARGV[7]), tonumber(ARGV[8])
local gone = {}
for i = 10, #ARGV do
  gone[ARGV[i]] = true
end

local evicted, rubbish = {}, {}
local held = redis.call('HGETALL', KEYS[1])
for i = 1, #held, 2 do
  local other, value = held[i], held[i + 1]
  if other == '@' then
    last = math.max(last, tonumber(value) or 0)
  else
    local epoch, where, its = string.match(value, '^(%d+) (%S+) %S+ (.*)$')
    if not epoch or gone[where] then
      rubbish[#rubbish + 1] = other
    elseif other ~= session and (scope == 'user' or (scope == 'device' and its == device)) then
      epoch = tonumber(epoch)
      local stays
      if own == 0 then
        stays = strategy == 'oldest'
      elseif strategy == 'newest' then
        stays = epoch > own or (epoch == own and other > session)
      else
        stays = epoch < own or (epoch == own and other < session)
      end
      if stays then
        return {'denied', other, value}
      end
      evicted[#evicted + 1] = other
      evicted[#evicted + 1] = value
    end
  end
end

for _, other in ipairs(rubbish) do
  redis.call('HDEL', KEYS[1], other)
end
for i = 1, #evicted, 2 do
  redis.call('HDEL', KEYS[1], evicted[i])
end
local epoch = own
if own == 0 then
  local time = redis.call('TIME')
  epoch = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), last + 1)
end
local text = string.format('%.0f', epoch)
redis.call('HSET', KEYS[1], session, text .. ' ' .. incarnation .. ' ' .. node .. ' ' .. device)
redis.call('HSET', KEYS[1], '@', string.format('%.0f', math.max(epoch, last)))
redis.call('PEXPIRE', KEYS[1], ARGV[9])
return {'granted', text, unpack(evicted)}
