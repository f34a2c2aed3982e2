-- Reads a turn and the deltas after the given one.
-- {FOUND, a worker is at work, number of the last delta, fields, deltas}, MISSING, COLD.
-- ARGV: conversation, id, number of the last delta that the caller has.

local worker, attempt = get('wk', 'attempt')
if not worker then
  return 'MISSING'
end
return {'FOUND', names(value('wk:' .. worker), attempt) and 1 or 0, redis.call('LLEN', buffer),
  redis.call('HGETALL', turn), redis.call('LRANGE', buffer, ARGV[3], -1)}
