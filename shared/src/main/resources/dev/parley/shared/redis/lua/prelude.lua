-- What every script on one turn begins with: ARGV[1] is the conversation, ARGV[2] the turn's id.
-- Answers COLD while no epoch is open.
--
-- A script that Redis refuses for want of memory must leave nothing half done. Redis refuses only
-- commands that add data and only judges at the script's start, so each script's first write is one
-- of those (HSET), or a mere cleaning.

if redis.call('EXISTS', 'epoch') == 0 then
  return 'COLD'
end

local conversation, id = ARGV[1], ARGV[2]
local ref = conversation .. '/' .. id
local turn = 't:{' .. conversation .. '}:' .. id
local buffer = 'b:{' .. conversation .. '}:' .. id

local function ended(state)
  return state ~= 'RUNNING' and state ~= 'QUEUED' and state ~= 'READY' and state ~= 'WAITING'
end

-- Whether a worker's attempts at work, with a space between, or false when it is dead, have this one.
local function names(attempts, attempt)
  return attempts and attempt ~= ''
    and string.find(' ' .. attempts .. ' ', ' ' .. attempt .. ' ', 1, true) ~= nil
end

-- Fields of the turn, in the order asked for; all false when there is no such turn.
local function get(...)
  return unpack(redis.call('HMGET', turn, ...))
end

-- Appends ARGV[from] and what follows to a list; Lua's stack holds less than 8,000 values.
local function push(list, from)
  if from == #ARGV then
    redis.call('RPUSH', list, ARGV[from])
    return
  end
  for i = from, #ARGV, 4000 do
    redis.call('RPUSH', list, unpack(ARGV, i, math.min(i + 3999, #ARGV)))
  end
end
