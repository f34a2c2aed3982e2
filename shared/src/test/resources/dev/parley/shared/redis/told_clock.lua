-- Stands in for clock.lua: the time is the key 'clock', a liveness key's end is in the hash 'until'.

local function now()
  return tonumber(redis.call('GET', 'clock'))
end

local function lease_left(key)
  return tonumber(redis.call('HGET', 'until', key) or 0) - now()
end

local function alive(key)
  return lease_left(key) > 0
end

local function value(key)
  return alive(key) and redis.call('GET', key)
end

local function refresh(key, next, lease_ms)
  local previous = value(key)
  redis.call('SET', key, next)
  redis.call('HSET', 'until', key, now() + lease_ms)
  return previous
end
