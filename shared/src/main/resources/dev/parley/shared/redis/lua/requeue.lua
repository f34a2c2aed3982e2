-- RUNNING, no living worker at work on it, and no Kafka record is left or it is so for longer than the
-- queue needs to deliver again -> READY, published. Counts as a crash. The first call that finds
-- nobody at work notes the time.
-- OK, LATER, MISSING, COLD.
-- ARGV: conversation, id, lost after in ms.

local state, worker, attempt, orphan, gone = get('state', 'wk', 'attempt', 'orphan', 'gone')
if not state then
  return 'MISSING'
end
if state ~= 'RUNNING' then
  return 'LATER'
end
if names(value('wk:' .. worker), attempt) then
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
