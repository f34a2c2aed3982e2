-- The turn is the newest of its conversation -> CANCELLED if it was open, DELIVERED, out of the history; the one
-- before it in the queue, else the one of the last exchange, if it is remembered, is the newest again.
-- OK (again for the same turn), LOST, LATER (a message is on its way), MISSING, COLD (also a young epoch).
-- ARGV: conversation, id.

local state, back = get('state', 'back')
if back then
  return 'OK'
end
if young() then
  return 'COLD'
end
if not state then
  return 'MISSING'
end
if not is_newest() then
  return 'LOST'
end
if sending(state) then
  return 'LATER'
end
retire(state)
redis.call('HSET', turn, 'back', 1)
local before = redis.call('LINDEX', exchanges, -1)
local before_id = redis.call('LINDEX', queue, -1)
  or before and string.match(before, '"turnId":"([^"]+)"')
if before_id and redis.call('EXISTS', turn_key(before_id)) == 1 then
  note_newest(before_id)
else
  redis.call('DEL', newest)
end
return 'OK'
