-- No epoch -> one that begins now: Redis is new, or was emptied.
-- Answers its creation time.

redis.call('SET', 'epoch', string.format('%.0f', now()), 'NX')
return redis.call('GET', 'epoch')
