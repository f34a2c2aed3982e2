-- RUNNING by this attempt, first delta at most one after the last stored one -> what is new is stored
-- and published to the owner; when nobody hears, the turn is due now.
-- OK, GAP n (stored so far), OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt, number of the first delta, deltas.

local state, attempt, gateway, restarts = get('state', 'attempt', 'gw', 'restarts')
if state ~= 'RUNNING' or attempt ~= ARGV[3] then
  return not state and 'MISSING' or ended(state) and 'ENDED' or 'OTHER'
end

-- Deltas are numbered from 1 without holes, so the buffer's length is the last one's number.
local stored = redis.call('LLEN', buffer)
local from = 5 + stored + 1 - ARGV[4]
if from < 5 then
  return 'GAP ' .. stored
end
if from <= #ARGV then
  push(buffer, from)
  local message = 'D ' .. ref .. ' ' .. attempt .. ' ' .. restarts .. '\n'
    .. table.concat(ARGV, '\n', from)
  if redis.call('PUBLISH', 'g:' .. gateway, message) == 0 then
    redis.call('ZADD', 'due', now(), ref)
  end
end
return 'OK'
