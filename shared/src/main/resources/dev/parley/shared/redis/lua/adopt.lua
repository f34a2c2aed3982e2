-- Epoch not young, not closed, owner as observed and dead, this gateway's last beat known (or else the
-- owner's may be forgotten too) -> owned by this gateway, adoptions + 1.
-- OK, LOST, MISSING, COLD.
-- ARGV: conversation, id, observed owner, gateway, its last confirmed beat.

local state, gateway, deadline, adoptions = get('state', 'gw', 'deadline', 'adoptions')
if not state then
  return 'MISSING'
end
if young() or closed(state) or gateway ~= ARGV[3] or alive('gw:' .. gateway)
  or value('gw:' .. ARGV[4]) ~= ARGV[5] then
  return 'LOST'
end
redis.call('HSET', turn, 'gw', ARGV[4], 'adoptions', adoptions + 1)
check(ref, ended(state) and now() or next_check(state, deadline))
return 'OK'
