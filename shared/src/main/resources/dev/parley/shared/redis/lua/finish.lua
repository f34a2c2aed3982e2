-- RUNNING by this attempt -> DONE with the whole text.
-- OK (again for the same attempt), OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt, text, reason, prompt tokens, completion tokens.

local state, attempt = get('state', 'attempt')
if not state then
  return 'MISSING'
end
if ended(state) then
  return state == 'DONE' and attempt == ARGV[3] and 'OK' or 'ENDED'
end
if state ~= 'RUNNING' or attempt ~= ARGV[3] then
  return 'OTHER'
end
end_turn('DONE', 'text', ARGV[4], 'end', ARGV[5], 'pt', ARGV[6], 'ct', ARGV[7])
return 'OK'
