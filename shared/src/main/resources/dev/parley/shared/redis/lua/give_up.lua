-- Not ended -> CANCELLED, EXPIRED or FAILED with the text so far; the worker is told.
-- OK, LATER (to expire, and its deadline has not passed), ENDED, MISSING, COLD.
-- ARGV: conversation, id, state, reason.

local state, deadline = get('state', 'deadline')
if not state then
  return 'MISSING'
end
if ended(state) then
  return 'ENDED'
end
if ARGV[3] == 'EXPIRED' and now() < tonumber(deadline) then
  return 'LATER'
end
give_up(ARGV[3], ARGV[4])
return 'OK'
