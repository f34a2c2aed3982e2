-- Owner equal -> the send of a part is in flight.
-- OK, NOT_OWNER, MISSING, COLD.
-- ARGV: conversation, id, gateway, part.

local gateway = get('gw')
if not gateway then
  return 'MISSING'
end
if gateway ~= ARGV[3] then
  return 'NOT_OWNER'
end
redis.call('HSET', turn, 'placing', ARGV[4] + 1)
return 'OK'
