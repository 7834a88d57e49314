-- What has changed in the member lists. KEYS[1] as for group. ARGV: the epoch and the version that the caller knows.
-- Gives epoch, version, and "log" with the entries since, or "all" with the groups that have a list.
local now = redis.call('HMGET', KEYS[1], 'epoch', 'version')
local epoch, version = now[1] or '', tonumber(now[2] or 0)
local reply = {epoch, tostring(version), 'log'}
if epoch == ARGV[1] then
  local since = version - tonumber(ARGV[2])
  if since == 0 then
    return reply
  end
  if since > 0 and since <= redis.call('LLEN', KEYS[1] .. ':log') then
    for _, entry in ipairs(redis.call('LRANGE', KEYS[1] .. ':log', -since, -1)) do
      reply[#reply + 1] = entry
    end
    return reply
  end
end
reply[3] = 'all'
for _, group in ipairs(redis.call('SMEMBERS', KEYS[1] .. ':lists')) do
  reply[#reply + 1] = group
end
return reply
