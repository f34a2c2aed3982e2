-- RUNNING by this attempt -> FAILED with the text so far.
-- OK (again for the same attempt), OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt, reason.

local state, attempt = get('state', 'attempt')
if not state then
  return 'MISSING'
end
if ended(state) then
  return state == 'FAILED' and attempt == ARGV[3] and 'OK' or 'ENDED'
end
if state ~= 'RUNNING' or attempt ~= ARGV[3] then
  return 'OTHER'
end
end_turn('FAILED', 'text', shown_text(), 'end', ARGV[4])
return 'OK'
