-- Ended, owner equal -> the owner holds the end in its memory.
-- OK, LATER, NOT_OWNER, MISSING, COLD.
-- ARGV: conversation, id, gateway.

local state, gateway = get('state', 'gw')
if not state then
  return 'MISSING'
end
if gateway ~= ARGV[3] then
  return 'NOT_OWNER'
end
if not ended(state) then
  return 'LATER'
end
redis.call('HSET', turn, 'got', 1)
return 'OK'
