-- Ended as its owner has shown it -> DELIVERED or UNDELIVERABLE, the exchange joins the history unless
-- that was forgotten since the turn was admitted, the next turn goes.
-- OK, LATER (not ended, or otherwise), NOT_OWNER, MISSING, COLD.
-- ARGV: conversation, id, gateway, end, state, exchange or '', most exchanges, their lifetime in ms.

local state, gateway, reason, at = get('state', 'gw', 'end', 'at')
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
local forgotten = redis.call('GET', 'f:{' .. conversation .. '}')
if ARGV[6] ~= '' and not (forgotten and tonumber(at) <= tonumber(forgotten)) then
  redis.call('RPUSH', exchanges, ARGV[6])
  redis.call('LTRIM', exchanges, -ARGV[7], -1)
  redis.call('PEXPIRE', exchanges, ARGV[8])
end
close(ARGV[5])
return 'OK'
