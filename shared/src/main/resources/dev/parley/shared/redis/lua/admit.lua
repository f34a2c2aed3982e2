-- No such turn and room in the conversation's queue -> the turn, READY at the head, else WAITING.
-- {ADMITTED, state, turns before, admitted at, deadline}, {EXISTING, owner alive, fields}, {FULL}, {WAIT}, COLD.
-- ARGV: conversation, id, most turns, 1 to record a refusal, valid until, ms to answer, ms to deliver,
-- record.

local state, gateway = get('state', 'gw')
if state then
  return {'EXISTING', alive('gw:' .. gateway) and 1 or 0, redis.call('HGETALL', turn)}
end
if young() or now() >= tonumber(ARGV[5]) then
  return {'WAIT'}
end
if redis.call('LLEN', queue) >= tonumber(ARGV[3]) then
  if ARGV[4] == '1' then
    create(id, 'FAILED', now(), 6, 'end', 'REFUSED')
    check(ref, now())
  end
  return {'FULL'}
end
return {'ADMITTED', admit(id, 6)}
