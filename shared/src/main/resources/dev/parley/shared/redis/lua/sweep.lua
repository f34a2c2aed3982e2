-- Turns whose check has come: a dead owner's are answered, a living owner's put off until its
-- liveness could lapse, closed and unknown ones dropped.
-- {conversation/id, owner, conversation/id, owner, ...}; nothing while no epoch is open or it is young.
-- ARGV: at most so many.

local found = {}
local epoch = redis.call('GET', 'epoch')
if not epoch or now() - epoch < REBUILD_MS then
  return found
end
local time = now()
for _, ref in ipairs(redis.call('ZRANGEBYSCORE', 'due', '-inf', time, 'LIMIT', 0, ARGV[1])) do
  local conversation, id = string.match(ref, '^(.-)/(.*)$')
  local state, gateway =
    unpack(redis.call('HMGET', 't:{' .. conversation .. '}:' .. id, 'state', 'gw'))
  if not state or state == 'DELIVERED' or state == 'UNDELIVERABLE' then
    redis.call('ZREM', 'due', ref)
  elseif alive('gw:' .. gateway) then
    redis.call('ZADD', 'due', time + lease_left('gw:' .. gateway), ref)
  else
    found[#found + 1] = ref
    found[#found + 1] = gateway
  end
end
return found
