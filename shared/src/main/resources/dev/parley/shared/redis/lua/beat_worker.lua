-- Refreshes a worker process's liveness and says how loaded it is and which attempts are at work.
-- {epoch or 0, -1, time}.
-- ARGV: worker, load, attempts with a space between.

redis.call('HSET', 'workers', ARGV[1], ARGV[2])
refresh('wk:' .. ARGV[1], ARGV[3], WORKER_LEASE_MS)
return {redis.call('GET', 'epoch') or '0', '-1', now()}
