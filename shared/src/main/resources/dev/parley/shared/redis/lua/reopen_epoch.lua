-- A new epoch begins now: Redis was rolled back, and owners have to put back what it lost.
-- Answers its creation time.

redis.call('SET', 'epoch', string.format('%.0f', now()))
return redis.call('GET', 'epoch')
