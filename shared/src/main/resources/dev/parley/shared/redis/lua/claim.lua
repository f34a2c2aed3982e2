-- Open, within its deadline, not WAITING, run by nobody alive -> RUNNING by this attempt; a turn that
-- is unknown is created from the prompt first. The port's document gives the order of the tests.
-- {RUN, restarts, alone, deltas}, {WAIT}, {DROP}, {ENDED, state}, {TOO_OLD}, COLD.
-- ARGV: conversation, id, attempt, worker, fingerprint, 1 at the second ask, most crashes, deadline of
-- the prompt, attempts of the worker that are at work with a space between, record.

local attempt, worker, fingerprint = ARGV[3], ARGV[4], ARGV[5]

if redis.call('EXISTS', turn) == 0 then
  if young() then
    return {'WAIT'}
  end
  if now() > tonumber(ARGV[8]) then
    return {'TOO_OLD'}
  end
  put_back(10)
end

local state, deadline, holder, holder_worker, starts, yields, restarts, made_by =
  get('state', 'deadline', 'attempt', 'wk', 'starts', 'yields', 'restarts', 'fp')
if ended(state) then
  return {'ENDED', state}
end
if now() >= tonumber(deadline) then
  give_up('EXPIRED', 'EXPIRED')
  return {'ENDED', 'EXPIRED'}
end
if state == 'WAITING' then
  return {(young() or ARGV[6] ~= '1') and 'WAIT' or 'DROP'}
end

local running = state == 'RUNNING'

-- An attempt that has just begun is named only when this one asks again. The caller's worker lives,
-- whatever is stored.
local function rival_lives()
  local own = holder_worker == worker
  if ARGV[6] ~= '1' then
    return own or alive('wk:' .. holder_worker)
  end
  return names(own and ARGV[9] or value('wk:' .. holder_worker), holder)
end

if not (running and holder == attempt) then
  if running and rival_lives() then
    if ARGV[6] ~= '1' then
      return {'WAIT'}
    end
    redis.call('HSET', turn, 'orphan', 1)
    return {'DROP'}
  end
  if starts - yields >= tonumber(ARGV[7]) then
    give_up('FAILED', 'POISON')
    return {'ENDED', 'FAILED'}
  end
  local stale = made_by ~= fingerprint and redis.call('EXISTS', buffer) == 1
  starts = starts + 1
  restarts = restarts + (stale and 1 or 0)
  redis.call('HSET', turn, 'state', 'RUNNING', 'attempt', attempt, 'wk', worker, 'starts', starts,
    'restarts', restarts, 'fp', fingerprint, 'orphan', 0, 'gone', 0)
  if stale then
    redis.call('DEL', buffer)
  end
  -- Who claims lives, whatever a rolled-back Redis remembers of its beats.
  refresh('wk:' .. worker, ARGV[9], WORKER_LEASE_MS)
  check(ref, next_check('RUNNING', deadline))
end
-- Alone when two attempts died before this one.
return {'RUN', tostring(restarts), starts - yields > 2 and 1 or 0,
  redis.call('LRANGE', buffer, 0, -1)}
