-- RUNNING, worker dead, and no Kafka record is left or it is dead longer than the queue needs to
-- deliver again -> READY, published. Counts as a crash. The first call that finds the worker dead
-- notes the time.
-- OK, LATER, MISSING, COLD.
-- ARGV: conversation, id, lost after in ms.

local state, worker, orphan, gone = get('state', 'wk', 'orphan', 'gone')
if not state then
  return 'MISSING'
end
if state ~= 'RUNNING' then
  return 'LATER'
end
if alive('wk:' .. worker) then
  redis.call('HSET', turn, 'gone', 0)
  return 'LATER'
end
if gone == '0' then
  gone = now()
  redis.call('HSET', turn, 'gone', gone)
end
if orphan ~= '1' and now() - gone < tonumber(ARGV[3]) then
  return 'LATER'
end
release('READY')
return 'OK'
