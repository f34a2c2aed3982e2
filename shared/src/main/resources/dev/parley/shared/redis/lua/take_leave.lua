-- One call of a bot to a chat, by the generic cell rate algorithm: for the chat, then for all chats together.
-- {0, 0} and counted; {1, ms to wait} when the chat has had its share; {2, ms} when all have had theirs.
-- ARGV: the chat's key, its ms between calls, its burst; the same of all chats; how much of either burst the
-- call may use at most.

local at = now()

local function look(key, every, burst)
  local arrival = tonumber(redis.call('GET', key) or 0)
  return arrival, arrival - at - every * (math.min(burst, ARGV[7]) - 1)
end

local function count(key, arrival, every)
  local next_arrival = math.max(arrival, at) + every
  redis.call('SET', key, next_arrival, 'PX', next_arrival - at + 1)
end

local arrival, wait = look(ARGV[1], ARGV[2], ARGV[3])
if wait > 0 then
  return {1, wait}
end
local all_arrival, all_wait = look(ARGV[4], ARGV[5], ARGV[6])
if all_wait > 0 then
  return {2, all_wait}
end
count(ARGV[1], arrival, ARGV[2])
count(ARGV[4], all_arrival, ARGV[5])
return {0, 0}
