-- Ended, owner equal -> DELIVERED or UNDELIVERABLE, the exchange joins the history, the next turn goes.
-- OK, LATER, NOT_OWNER, MISSING, COLD.
-- ARGV: conversation, id, gateway, state, exchange or '', most exchanges, their lifetime in ms.

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
if not closed(state) then
  if ARGV[5] ~= '' then
    redis.call('RPUSH', exchanges, ARGV[5])
    redis.call('LTRIM', exchanges, -ARGV[6], -1)
    redis.call('PEXPIRE', exchanges, ARGV[7])
  end
  close(ARGV[4])
end
return 'OK'
