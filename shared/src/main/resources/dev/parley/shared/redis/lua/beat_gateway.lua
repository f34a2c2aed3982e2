-- Refreshes a gateway's liveness.
-- {epoch or 0, counter until now or -1, time}.
-- ARGV: gateway, counter.

local previous = refresh('gw:' .. ARGV[1], ARGV[2], GATEWAY_LEASE_MS)
return {redis.call('GET', 'epoch') or '0', previous or '-1', now()}
