-- What nearly every append is: one delta, the next one, of a turn RUNNING by this attempt, whose owner
-- hears. Comes before all else, and append.lua goes on where it does not return.
-- ARGV as for append.lua.
--
-- Runs for every token of every answer, so it defines no function and asks for nothing that another
-- reply tells: without an epoch there are no turns, and deltas are numbered from 1 without holes, so
-- that the length RPUSH answers says whether this is the next one.

local place = '{' .. ARGV[1] .. '}:' .. ARGV[2]
local stored, heard = false, 0
if #ARGV == 5 then
  local fields = redis.call('HMGET', 't:' .. place, 'state', 'attempt', 'gw', 'restarts', 'wk')
  if fields[1] == 'RUNNING' and fields[2] == ARGV[3] then
    stored = redis.call('RPUSH', 'b:' .. place, ARGV[5]) == tonumber(ARGV[4])
    if stored then
      heard = redis.call('PUBLISH', 'g:' .. fields[3], 'D ' .. ARGV[1] .. '/' .. ARGV[2] .. ' '
        .. ARGV[3] .. ' ' .. fields[5] .. ' ' .. fields[4] .. '\n' .. ARGV[5])
    else
      redis.call('RPOP', 'b:' .. place)
    end
  end
end
if heard > 0 then
  return 'OK'
end
