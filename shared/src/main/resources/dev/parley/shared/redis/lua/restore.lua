-- No such turn, and its worker was known to live within the lease -> RUNNING as the worker remembers.
-- OK, EXISTS, LOST, COLD.
-- ARGV: conversation, id, age of the last confirmed liveness in ms, record.

if redis.call('EXISTS', turn) == 1 then
  return 'EXISTS'
end
if tonumber(ARGV[3]) >= WORKER_LEASE_MS then
  return 'LOST'
end
put_back(4)
return 'OK'
