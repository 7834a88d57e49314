-- Some of what is revoked, the newest first. KEYS[1] as for revoke. ARGV: how many to skip, how many.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. string.format('%.0f', now), 'LIMIT', ARGV[1], ARGV[2])
