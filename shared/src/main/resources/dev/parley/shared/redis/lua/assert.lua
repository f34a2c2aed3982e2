-- No such turn -> as its owner remembers it. The memory is the owner's (more adoptions, or as many and
-- the same gateway) and the turn is not closed -> gateway, adoptions, parts and placing as remembered,
-- and the end, if the store has none or has not closed it. What is there wins otherwise.
-- OK, EXISTS, COLD.
-- ARGV: conversation, id, gateway, adoptions, parts, placing, state, reason, text, prompt tokens,
-- completion tokens, got, state that the reason leads to, record.

local known, adoptions = ARGV[7], tonumber(ARGV[4])
local state, gateway, stored_text = get('state', 'gw', 'adoptions')
if not state then
  put_back(14)
  return 'OK'
end
local stored = tonumber(stored_text)
if closed(state) or adoptions < stored or (adoptions == stored and gateway ~= ARGV[3]) then
  return 'EXISTS'
end
redis.call('HSET', turn, 'gw', ARGV[3], 'adoptions', adoptions, 'parts', ARGV[5],
  'placing', ARGV[6])
if ended(known) and not ended(state) then
  redis.call('HSET', turn, 'state', ARGV[13], 'end', ARGV[8], 'text', ARGV[9], 'pt', ARGV[10],
    'ct', ARGV[11], 'got', ARGV[12])
  check(ref, now())
end
if closed(known) then
  close(known)
end
return 'OK'
