-- RUNNING by this attempt -> the buffer is dropped and a restart counted, once per attempt.
-- OK, OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt.

local state, attempt, restarts, by = get('state', 'attempt', 'restarts', 'rattempt')
if state ~= 'RUNNING' or attempt ~= ARGV[3] then
  return not state and 'MISSING' or ended(state) and 'ENDED' or 'OTHER'
end
if by ~= attempt then
  redis.call('HSET', turn, 'restarts', restarts + 1, 'rattempt', attempt)
  redis.call('DEL', buffer)
end
return 'OK'
