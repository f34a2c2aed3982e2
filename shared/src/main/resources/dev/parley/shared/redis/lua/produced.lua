-- READY -> QUEUED.
-- OK, LATER (another state), MISSING, COLD.

local state, deadline = get('state', 'deadline')
if not state then
  return 'MISSING'
end
if state ~= 'READY' then
  return 'LATER'
end
redis.call('HSET', turn, 'state', 'QUEUED')
check(ref, next_check('QUEUED', deadline))
return 'OK'
