-- A platform asked to leave a chat alone: even the most urgent call waits so long.
-- ARGV: the chat's key, its ms between calls, its burst; ms.

local at = now()
local arrival = tonumber(redis.call('GET', ARGV[1]) or 0)
local held = math.max(arrival, at + ARGV[4] + ARGV[2] * (ARGV[3] - 1))
redis.call('SET', ARGV[1], held, 'PX', held - at + 1)
return 'OK'
