-- How many sessions and users listen to a topic. KEYS[1] as for enter. ARGV: how many users are counted one by one, then
-- the incarnations whose lease has lapsed. Gives sessions, users, 1 if that is exact, and the incarnations there are.
--
-- A user may listen on several nodes. Up to the limit that is looked at for each user; beyond it for some users of each
-- node: a user who is on m nodes counts 1/m on each, and what those few come to on average stands for all of the node.
local gone, nodes = {}, {}
for i = 2, #ARGV do
  gone[ARGV[i]] = true
end
local sessions, users = 0, 0
for _, node in ipairs(redis.call('HKEYS', KEYS[1])) do
  local key = KEYS[1] .. ':' .. node
  local here = gone[node] and 0 or redis.call('HLEN', key)
  if here > 0 then
    sessions = sessions + here
    users = users + redis.call('HLEN', key .. ':u')
    nodes[#nodes + 1] = node
  end
end
if #nodes < 2 then
  return {sessions, users, 1, unpack(nodes)}
end
if users <= tonumber(ARGV[1]) then
  local seen = {}
  users = 0
  for _, node in ipairs(nodes) do
    for _, user in ipairs(redis.call('HKEYS', KEYS[1] .. ':' .. node .. ':u')) do
      if not seen[user] then
        seen[user] = true
        users = users + 1
      end
    end
  end
  return {sessions, users, 1, unpack(nodes)}
end
local some = math.max(20, math.min(500, math.floor(4000 / (#nodes * #nodes))))
local sum = 0
for _, node in ipairs(nodes) do
  local key = KEYS[1] .. ':' .. node .. ':u'
  local all = redis.call('HLEN', key)
  local sample = redis.call('HSCAN', key, '0', 'COUNT', some)[2]
  local shares, looked = 0, 0
  for i = 1, math.min(#sample, 2 * some), 2 do
    local places = 0
    for _, other in ipairs(nodes) do
      places = places + redis.call('HEXISTS', KEYS[1] .. ':' .. other .. ':u', sample[i])
    end
    shares = shares + 1 / places
    looked = looked + 1
  end
  if looked > 0 then
    sum = sum + all * shares / looked
  end
end
return {sessions, math.floor(sum + 0.5), 0, unpack(nodes)}
