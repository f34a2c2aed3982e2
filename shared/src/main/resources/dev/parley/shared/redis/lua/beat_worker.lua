-- Refreshes a worker process's liveness and says how loaded it is.
-- {epoch or 0, -1, time}.
-- ARGV: worker, load.

redis.call('HSET', 'workers', ARGV[1], ARGV[2])
refresh('wk:' .. ARGV[1], '1', WORKER_LEASE_MS)
return {redis.call('GET', 'epoch') or '0', '-1', now()}
