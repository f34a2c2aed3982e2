-- RUNNING by this attempt -> the buffer is dropped and a restart counted, unless more than the caller knows
-- are: then this one is, and its reply was lost.
-- OK, OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt, restarts that the caller knows.

local state, attempt, restarts = get('state', 'attempt', 'restarts')
if state ~= 'RUNNING' or attempt ~= ARGV[3] then
  return not state and 'MISSING' or ended(state) and 'ENDED' or 'OTHER'
end
if tonumber(restarts) <= tonumber(ARGV[4]) then
  redis.call('HSET', turn, 'restarts', ARGV[4] + 1)
  redis.call('DEL', buffer)
end
return 'OK'
