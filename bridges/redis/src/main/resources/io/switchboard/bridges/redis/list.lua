-- Some of the sessions that listen to a topic. KEYS[1] as for enter. ARGV: the node to begin with (empty: the first), where
-- to go on in it, about how many, then the incarnations whose lease has lapsed. Gives the node to go on with (empty: that
-- was all), where to go on in it, the node that was read (empty if none), and its sessions and their values in turn.
local gone, nodes = {}, {}
for i = 4, #ARGV do
  gone[ARGV[i]] = true
end
for _, node in ipairs(redis.call('HKEYS', KEYS[1])) do
  if not gone[node] and node >= ARGV[1] then
    nodes[#nodes + 1] = node
  end
end
table.sort(nodes)
local node = nodes[1]
if not node then
  return {'', '0', ''}
end
local from = node == ARGV[1] and ARGV[2] or '0'
local page = redis.call('HSCAN', KEYS[1] .. ':' .. node, from, 'COUNT', ARGV[3])
local reply = {node, page[1], node}
if page[1] == '0' then
  reply[1] = nodes[2] or ''
end
for _, word in ipairs(page[2]) do
  reply[#reply + 1] = word
end
return reply
