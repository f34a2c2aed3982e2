-- RUNNING by this attempt, first delta at most one after the last stored one -> what is new is stored
-- and published to the owner; when nobody hears, the turn is due now.
-- OK, GAP n (stored so far), OTHER, ENDED, MISSING, COLD.
-- ARGV: conversation, id, attempt, number of the first delta, deltas.

if stored then
  -- By append_next.lua, and nobody heard.
  check(ref, now())
  return 'OK'
end

local state, attempt, gateway, restarts, worker = get('state', 'attempt', 'gw', 'restarts', 'wk')
if state ~= 'RUNNING' or attempt ~= ARGV[3] then
  return not state and 'MISSING' or ended(state) and 'ENDED' or 'OTHER'
end
-- Deltas are numbered from 1 without holes, so the buffer's length is the last one's number.
local length = redis.call('LLEN', buffer)
local from = 6 + length - ARGV[4]
if from < 5 then
  return 'GAP ' .. length
end
if from <= #ARGV then
  push(buffer, from)
  local message = 'D ' .. ref .. ' ' .. attempt .. ' ' .. worker .. ' ' .. restarts .. '\n'
    .. table.concat(ARGV, '\n', from)
  if redis.call('PUBLISH', 'g:' .. gateway, message) == 0 then
    check(ref, now())
  end
end
return 'OK'
