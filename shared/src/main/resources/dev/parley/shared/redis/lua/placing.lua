-- Owner equal, not closed -> the send of a part is in flight.
-- OK, ENDED (closed), NOT_OWNER, MISSING, COLD.
-- ARGV: conversation, id, gateway, part.

local gateway, state = get('gw', 'state')
if not gateway then
  return 'MISSING'
end
if gateway ~= ARGV[3] then
  return 'NOT_OWNER'
end
if state == 'DELIVERED' or state == 'UNDELIVERABLE' then
  return 'ENDED'
end
redis.call('HSET', turn, 'placing', ARGV[4] + 1)
return 'OK'
