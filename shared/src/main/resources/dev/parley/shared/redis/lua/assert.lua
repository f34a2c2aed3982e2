-- No such turn -> as its owner remembers it. The memory is the owner's (more adoptions, or as many and
-- the same gateway) and the turn is not closed -> gateway and adoptions as remembered, parts and placing
-- unless more is stored, and the end, if the owner has one; of one that both know as closed the parts alone. What is
-- there wins otherwise.
-- OK, EXISTS, COLD.
-- ARGV: conversation, id, gateway, adoptions, parts, placing, state, reason, text, prompt tokens,
-- completion tokens, got, state that the reason leads to, record.

local known, adoptions = ARGV[7], tonumber(ARGV[4])
local state, gateway, stored_text, parts, placing, got =
  get('state', 'gw', 'adoptions', 'parts', 'placing', 'got')
if not state then
  put_back(14)
  return 'OK'
end
local stored = tonumber(stored_text)
if adoptions < stored or (adoptions == stored and gateway ~= ARGV[3]) then
  return 'EXISTS'
end
if #cjson.decode(ARGV[5]) >= #cjson.decode(parts) then
  parts = ARGV[5]
end
if closed(state) then
  if closed(known) then
    redis.call('HSET', turn, 'parts', parts)
  end
  return 'EXISTS'
end
redis.call('HSET', turn, 'gw', ARGV[3], 'adoptions', adoptions, 'parts', parts,
  'placing', math.max(placing, ARGV[6]))
if ended(known) then
  redis.call('HSET', turn, 'state', ARGV[13], 'end', ARGV[8], 'text', ARGV[9], 'pt', ARGV[10],
    'ct', ARGV[11], 'got', math.max(got, ARGV[12]))
  check(ref, now())
end
if closed(known) then
  close(known)
end
return 'OK'
