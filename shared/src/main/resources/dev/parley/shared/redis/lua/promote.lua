-- WAITING at the head of its conversation, epoch not young -> READY, published.
-- OK, LATER, MISSING, COLD.
-- ARGV: conversation, id.

local state = get('state')
if not state then
  return 'MISSING'
end
local head = open_head()
if state ~= 'WAITING' or young() or head ~= id then
  return 'LATER'
end
release_next()
return 'OK'
