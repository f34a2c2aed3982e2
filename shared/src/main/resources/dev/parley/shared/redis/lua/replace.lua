-- The turn is the newest of its conversation, the successor unknown -> CANCELLED if it was open,
-- DELIVERED, out of the history; the successor is admitted with its parts.
-- OK, EXISTS, LOST, MISSING, COLD.
-- ARGV: conversation, id, id of the successor; its ms to answer, ms to deliver, record.

local state, parts = get('state', 'parts')
if not state then
  return 'MISSING'
end
if redis.call('EXISTS', turn_key(ARGV[3])) == 1 then
  return 'EXISTS'
end
if redis.call('GET', newest) ~= id then
  return 'LOST'
end
retire(state)
admit(ARGV[3], 4, 'parts', parts)
return 'OK'
