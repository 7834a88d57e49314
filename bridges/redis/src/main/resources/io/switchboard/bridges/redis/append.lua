-- Appends a publication to a topic's history and tells it, in one step. KEYS: the stream, what is known of the topic,
-- what came of the publication's key. ARGV: channel, PUBLISH or SPUBLISH, the envelope before and after the position,
-- how many are kept (0: it is told only), how long (ms), how long positions are remembered (ms), the epoch should a new
-- one begin, the run of this server, version (0: none), epoch of the version, how long the key is remembered (0: no key).
-- Fields: e epoch, o offset, r run, v version, w epoch of the version.
local size = tonumber(ARGV[5])
local remembered = tonumber(ARGV[12])
if remembered > 0 then
  local before = redis.call('GET', KEYS[3])
  if before then
    local offset, epoch = string.match(before, '^(%d+) (.*)$')
    return {0, offset, epoch}
  end
end
local meta = redis.call('HMGET', KEYS[2], 'e', 'o', 'r', 'v', 'w')
local epoch, offset, version = meta[1], tonumber(meta[2] or '0'), tonumber(meta[4] or '0')
if not epoch or meta[3] ~= ARGV[9] then
  -- Lost, or from before a restart, after which the last ones may be missing.
  redis.call('DEL', KEYS[1], KEYS[2])
  epoch, offset, version = ARGV[8], 0, 0
end
local wanted = tonumber(ARGV[10])
if wanted > 0 and version > 0 and meta[5] == ARGV[11] and wanted <= version then
  return {0, string.format('%.0f', offset), epoch}
end
local text, envelope = '0', ARGV[3] .. ARGV[4]
if size > 0 then
  offset = offset + 1
  text = string.format('%.0f', offset)
  local high = math.floor(offset / 4294967296)
  local position = struct.pack('>I4I4', high, offset - high * 4294967296) .. string.char(#epoch) .. epoch
  envelope = ARGV[3] .. position .. ARGV[4]
  redis.call('XADD', KEYS[1], 'MAXLEN', size, text .. '-0', 'p', envelope)
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
end
redis.call('HSET', KEYS[2], 'e', epoch, 'o', string.format('%.0f', offset), 'r', ARGV[9])
if wanted > 0 then
  redis.call('HSET', KEYS[2], 'v', ARGV[10], 'w', ARGV[11])
end
redis.call('PEXPIRE', KEYS[2], ARGV[7])
if remembered > 0 then
  redis.call('SET', KEYS[3], text .. ' ' .. epoch, 'PX', remembered)
end
redis.call(ARGV[2], ARGV[1], envelope)
return {1, text, epoch}
