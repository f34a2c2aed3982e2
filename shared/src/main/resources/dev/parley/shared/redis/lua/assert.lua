-- No such turn -> as its owner remembers it; owner equal and it remembers an end, or that the end was
-- shown, which the store does not -> so. What is there wins otherwise.
-- OK, EXISTS, COLD.
-- ARGV: conversation, id, gateway, state, reason, text, prompt tokens, completion tokens, got, record.

local known = ARGV[4]
local state, gateway = get('state', 'gw')
if not state then
  put_back(10)
  return 'OK'
end
local ends = ended(known) and not ended(state)
local closes = closed(known) and not closed(state)
if gateway ~= ARGV[3] or not (ends or closes) then
  return 'EXISTS'
end
if ends then
  redis.call('HSET', turn, 'state', known, 'end', ARGV[5], 'text', ARGV[6], 'pt', ARGV[7],
    'ct', ARGV[8], 'got', ARGV[9])
  check(ref, now())
end
if closes then
  close(known)
end
return 'OK'
