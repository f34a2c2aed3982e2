-- The turn is the newest of its conversation, the successor unknown -> CANCELLED if it was open,
-- DELIVERED, out of the history; the successor is admitted with its parts.
-- OK, EXISTS, LOST, LATER (a message is on its way), MISSING, COLD (also a young epoch, or too late to be valid).
-- ARGV: conversation, id, id of the successor; valid until, its ms to answer, ms to deliver, record.

if redis.call('EXISTS', turn_key(ARGV[3])) == 1 then
  return 'EXISTS'
end
if young() or now() >= tonumber(ARGV[4]) then
  return 'COLD'
end
local state, parts, back = get('state', 'parts', 'back')
if not state then
  return 'MISSING'
end
if back or not is_newest() then
  return 'LOST'
end
if sending(state) then
  return 'LATER'
end
retire(state)
admit(ARGV[3], 5, 'parts', parts)
return 'OK'
