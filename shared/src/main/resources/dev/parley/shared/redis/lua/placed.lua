-- Owner equal -> the part has this platform message id, and no send is in flight.
-- OK, NOT_OWNER, MISSING, COLD.
-- ARGV: conversation, id, gateway, part, message id.

local gateway, json = get('gw', 'parts')
if not gateway then
  return 'MISSING'
end
if gateway ~= ARGV[3] then
  return 'NOT_OWNER'
end
local parts = cjson.decode(json)
for part = #parts + 1, ARGV[4] do
  parts[part] = ''
end
parts[ARGV[4] + 1] = ARGV[5]
redis.call('HSET', turn, 'placing', 0, 'parts', cjson.encode(parts))
return 'OK'
