-- The turn is the newest of its conversation -> CANCELLED if it was open, DELIVERED, out of the history; the one
-- of the exchange before, if it is remembered, is the newest again.
-- OK, LOST, MISSING, COLD.
-- ARGV: conversation, id.

local state = get('state')
if not state then
  return 'MISSING'
end
if redis.call('GET', newest) ~= id then
  return 'LOST'
end
retire(state)
local before = redis.call('LINDEX', exchanges, -1)
local before_id = before and string.match(before, '"turnId":"([^"]+)"')
if before_id and redis.call('EXISTS', turn_key(before_id)) == 1 then
  note_newest(before_id)
else
  redis.call('DEL', newest)
end
return 'OK'
