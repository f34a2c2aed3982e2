-- RUNNING by this attempt, first delta at most one after the last stored one -> what is new is stored
-- and published to the owner; when nobody hears, the turn is due now.
-- OK, GAP n (stored so far), OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt, number of the first delta, deltas.
--
-- Runs for every token of every answer: few commands, no helper that is not needed.

local fields = redis.call('HMGET', turn, 'state', 'attempt', 'gw', 'restarts', 'wk')
if fields[1] ~= 'RUNNING' or fields[2] ~= ARGV[3] then
  return not fields[1] and 'MISSING' or ended(fields[1]) and 'ENDED' or 'OTHER'
end

-- Deltas are numbered from 1 without holes, so the buffer's length is the last one's number.
local stored = redis.call('LLEN', buffer)
local from = 6 + stored - ARGV[4]
if from < 5 then
  return 'GAP ' .. stored
end
if from <= #ARGV then
  push(buffer, from)
  local message = 'D ' .. ref .. ' ' .. ARGV[3] .. ' ' .. fields[5] .. ' ' .. fields[4] .. '\n'
    .. (from == #ARGV and ARGV[from] or table.concat(ARGV, '\n', from))
  if redis.call('PUBLISH', 'g:' .. fields[3], message) == 0 then
    redis.call('ZADD', 'due', now(), ref)
  end
end
return 'OK'
