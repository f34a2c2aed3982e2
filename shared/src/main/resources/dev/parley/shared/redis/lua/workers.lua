-- Load of the living workers; the dead ones' is dropped.
-- {worker, load, worker, load, ...}.

local found = {}
local all = redis.call('HGETALL', 'workers')
for i = 1, #all, 2 do
  if alive('wk:' .. all[i]) then
    found[#found + 1] = all[i]
    found[#found + 1] = all[i + 1]
  else
    redis.call('HDEL', 'workers', all[i])
  end
end
return found
