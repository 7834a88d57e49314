-- Changes the member list of a group. KEYS[1]: "epoch" (of the store's data) and "version" (of all lists together); beside
-- it, in the same slot, :lists has the groups with a list, :g:<group> their members, :u:<user> a user's groups, and :log
-- what the last versions changed ("version\ngroup\nlisted\nusers…", or * for many). ARGV: set, begin, update or remove;
-- group; an epoch for a store that has none; most lists; most members; how many are added; those, then those removed.
local what, group = ARGV[1], ARGV[2]
local lists, list = KEYS[1] .. ':lists', KEYS[1] .. ':g:' .. group
local listed = redis.call('SISMEMBER', lists, group) == 1
redis.call('HSETNX', KEYS[1], 'epoch', ARGV[3])
if (what == 'begin' and listed) or (what == 'remove' and not listed) then
  return 'done'
end
if not listed and redis.call('SCARD', lists) >= tonumber(ARGV[4]) then
  return 'lists'
end

local come, gone = {}, {}
local last = 6 + tonumber(ARGV[6])
if what == 'update' then
  for i = 7, last do
    if redis.call('SISMEMBER', list, ARGV[i]) == 0 then
      come[#come + 1] = ARGV[i]
    end
  end
  for i = last + 1, #ARGV do
    if redis.call('SISMEMBER', list, ARGV[i]) == 1 then
      gone[#gone + 1] = ARGV[i]
    end
  end
else
  local before, after = {}, {}
  for _, user in ipairs(redis.call('SMEMBERS', list)) do
    before[user] = true
  end
  for i = 7, last do
    after[ARGV[i]] = true
    if not before[ARGV[i]] then
      come[#come + 1] = ARGV[i]
    end
  end
  for user in pairs(before) do
    if not after[user] then
      gone[#gone + 1] = user
    end
  end
end
if redis.call('SCARD', list) + #come - #gone > tonumber(ARGV[5]) then
  return 'members'
end

for _, user in ipairs(gone) do
  redis.call('SREM', list, user)
  redis.call('SREM', KEYS[1] .. ':u:' .. user, group)
end
for _, user in ipairs(come) do
  redis.call('SADD', list, user)
  redis.call('SADD', KEYS[1] .. ':u:' .. user, group)
end
redis.call(what == 'remove' and 'SREM' or 'SADD', lists, group)

local changed = #come + #gone
if changed == 0 and listed and what ~= 'remove' then
  return 'done'
end
local entry = {redis.call('HINCRBY', KEYS[1], 'version', 1), group, what == 'remove' and 0 or 1}
if changed > 200 then
  entry[4] = '*'
else
  for _, users in ipairs({come, gone}) do
    for _, user in ipairs(users) do
      entry[#entry + 1] = user
    end
  end
end
redis.call('RPUSH', KEYS[1] .. ':log', table.concat(entry, '\n'))
redis.call('LTRIM', KEYS[1] .. ':log', -1000, -1)
return 'done'
