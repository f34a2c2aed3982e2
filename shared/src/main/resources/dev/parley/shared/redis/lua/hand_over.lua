-- RUNNING by this attempt -> QUEUED, or READY when no Kafka record is left; not counted as a crash.
-- OK, OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt.

local state, attempt, orphan, yields = get('state', 'attempt', 'orphan', 'yields')
if state ~= 'RUNNING' or attempt ~= ARGV[3] then
  return not state and 'MISSING' or ended(state) and 'ENDED' or 'OTHER'
end
release(orphan == '1' and 'READY' or 'QUEUED', 'yields', yields + 1)
return 'OK'
