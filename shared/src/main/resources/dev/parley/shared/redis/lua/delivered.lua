-- Ended as its owner has shown it -> DELIVERED or UNDELIVERABLE, the exchange joins the history, the
-- next turn goes.
-- OK, LATER (not ended, or otherwise), NOT_OWNER, MISSING, COLD.
-- ARGV: conversation, id, gateway, end, state, exchange or '', most exchanges, their lifetime in ms.

local state, gateway, reason = get('state', 'gw', 'end')
if not state then
  return 'MISSING'
end
if gateway ~= ARGV[3] then
  return 'NOT_OWNER'
end
if closed(state) then
  return 'OK'
end
if not ended(state) or reason ~= ARGV[4] then
  return 'LATER'
end
if ARGV[6] ~= '' then
  redis.call('RPUSH', exchanges, ARGV[6])
  redis.call('LTRIM', exchanges, -ARGV[7], -1)
  redis.call('PEXPIRE', exchanges, ARGV[8])
end
close(ARGV[5])
return 'OK'
