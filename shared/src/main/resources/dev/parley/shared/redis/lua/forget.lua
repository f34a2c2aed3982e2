-- Forgets a conversation's exchanges, also those of turns that are open now.
-- ARGV: conversation.

redis.call('SET', 'f:{' .. ARGV[1] .. '}', now(), 'PX', TOMBSTONE_MS)
redis.call('DEL', 'h:{' .. ARGV[1] .. '}')
return 'OK'
