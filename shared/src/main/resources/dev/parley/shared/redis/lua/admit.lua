-- No such turn and room in the conversation's queue -> the turn, READY at the head, else WAITING.
-- {ADMITTED, state, turns before}, {EXISTING, owner alive, fields}, {FULL}, {WAIT}, COLD.
-- ARGV: conversation, id, most turns, 1 to record a refusal, record.

local state, gateway = get('state', 'gw')
if state then
  return {'EXISTING', alive('gw:' .. gateway) and 1 or 0, redis.call('HGETALL', turn)}
end
if young() then
  return {'WAIT'}
end
if redis.call('LLEN', queue) >= tonumber(ARGV[3]) then
  if ARGV[4] == '1' then
    put(turn, 5)
    redis.call('HSET', turn, 'state', 'FAILED', 'end', 'REFUSED', 'at', now())
    check(ref, now())
  end
  return {'FULL'}
end
return {'ADMITTED', admit(id, 5)}
