-- Time and liveness. Concatenated before every script. Tests put another file of the same five
-- functions in its place, which reads the time from a key.

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Whether a gateway's or worker's liveness key is there.
local function alive(key)
  return redis.call('EXISTS', key) == 1
end

-- How long a living key stays if it is not refreshed, ms.
local function lease_left(key)
  return math.max(redis.call('PTTL', key), 1)
end

-- What a living key holds, or false.
local function value(key)
  return redis.call('GET', key)
end

-- Refreshes a liveness key; returns its value until now, or false.
local function refresh(key, next, lease_ms)
  local previous = value(key)
  redis.call('SET', key, next, 'PX', lease_ms)
  return previous
end
