-- What the scripts that change a turn's state share. Follows prelude.lua.

local queue = 'q:{' .. conversation .. '}'
local exchanges = 'h:{' .. conversation .. '}'
local newest = 'n:{' .. conversation .. '}'

local function turn_key(other)
  return 't:{' .. conversation .. '}:' .. other
end

local function closed(state)
  return state == 'DELIVERED' or state == 'UNDELIVERABLE'
end

local function young()
  return now() - redis.call('GET', 'epoch') < REBUILD_MS
end

-- Sets when a sweeper looks at the turn next.
local function check(of, at)
  redis.call('ZADD', 'due', at, of)
end

-- The next check of an open turn that is in good order.
local function next_check(state, deadline)
  if state == 'READY' then
    return now() + DISPATCH_MS
  end
  return math.min(tonumber(deadline), now() + CHECK_MS)
end

-- Publishes to a turn's owner; when nobody hears, a sweeper shall look now.
local function tell_owner(gateway, kind, of)
  if redis.call('PUBLISH', 'g:' .. gateway, kind .. ' ' .. of) == 0 then
    check(of, now())
  end
end

-- The text of the buffer.
local function shown_text()
  local texts = redis.call('LRANGE', buffer, 0, -1)
  for i = 1, #texts do
    texts[i] = cjson.decode(texts[i]).text
  end
  return table.concat(texts)
end

-- Writes an end with the given fields and tells the owner, who has to show it.
local function end_turn(state, ...)
  redis.call('HSET', turn, 'state', state, ...)
  check(ref, now())
  tell_owner(redis.call('HGET', turn, 'gw'), 'E', ref)
end

-- Ends an open turn from outside of its attempt, with the text so far; a running worker is told.
local function give_up(state, reason)
  local before, worker, attempt = get('state', 'wk', 'attempt')
  end_turn(state, 'text', shown_text(), 'end', reason)
  if before == 'RUNNING' then
    redis.call('PUBLISH', 'w:' .. worker, 'C ' .. ref .. ' ' .. attempt)
  end
end

-- Takes the turn from its attempt: back to the queue, or to its owner for dispatch.
local function release(state, ...)
  local gateway, deadline = get('gw', 'deadline')
  redis.call('HSET', turn, 'state', state, 'attempt', '', 'wk', '', 'orphan', 0, 'gone', 0, ...)
  check(ref, next_check(state, deadline))
  if state == 'READY' then
    tell_owner(gateway, 'R', ref)
  end
end

-- The first turn of the conversation's queue that is not closed, and its state; closed and unknown
-- ones before it are dropped.
local function open_head()
  while true do
    local head = redis.call('LINDEX', queue, 0)
    if not head then
      return false, false
    end
    local state = redis.call('HGET', turn_key(head), 'state')
    if state and not closed(state) then
      return head, state
    end
    redis.call('LPOP', queue)
  end
end

-- The conversation's head goes READY if it waits; not while the epoch is young, because turns before
-- it may still be missing.
local function release_next()
  local head, state = open_head()
  if state == 'WAITING' and not young() then
    local of = conversation .. '/' .. head
    redis.call('HSET', turn_key(head), 'state', 'READY')
    check(of, next_check('READY'))
    tell_owner(redis.call('HGET', turn_key(head), 'gw'), 'R', of)
  end
end

-- Leaves a tombstone of an ended turn and lets the next one go.
local function close(state)
  redis.call('HSET', turn, 'state', state, 'text', '')
  redis.call('PEXPIRE', turn, TOMBSTONE_MS)
  redis.call('DEL', buffer)
  redis.call('ZREM', 'due', ref)
  redis.call('LREM', queue, 0, id)
  if redis.call('GET', newest) == id then
    redis.call('PEXPIRE', newest, TOMBSTONE_MS)
  end
  release_next()
end

-- Whether the turn is the newest of its conversation; a Redis that was emptied does not know.
local function is_newest()
  local of = redis.call('GET', newest)
  return not of or of == id
end

-- Whether a message of an open turn is on its way: announced, and its id not known yet.
local function sending(state)
  local placing, parts = get('placing', 'parts')
  return not closed(state) and placing ~= '0'
    and (cjson.decode(parts)[tonumber(placing)] or '') == ''
end

-- Takes the turn out of the history.
local function forget_exchange()
  for _, exchange in ipairs(redis.call('LRANGE', exchanges, 0, -1)) do
    if string.find(exchange, '"turnId":"' .. id .. '"', 1, true) then
      redis.call('LREM', exchanges, 0, exchange)
    end
  end
end

-- Ends the turn silently, whatever its state, and takes it out of the history.
local function retire(state)
  if not ended(state) then
    give_up('CANCELLED', 'CANCELLED')
  elseif not closed(state) then
    tell_owner(redis.call('HGET', turn, 'gw'), 'E', ref)
  end
  forget_exchange()
  if not closed(state) then
    close('DELIVERED')
  end
end

-- Writes a whole record: ARGV[from] counts the field names and values that follow it, deltas come
-- after them.
local function put(key, from)
  local last = from + ARGV[from]
  redis.call('HSET', key, unpack(ARGV, from + 1, last))
  return last + 1
end

-- Byte order, whatever locale the server runs in.
local function less(a, b)
  for i = 1, math.min(#a, #b) do
    if a:byte(i) ~= b:byte(i) then
      return a:byte(i) < b:byte(i)
    end
  end
  return #a < #b
end

-- The first turn in the queue that was admitted after this one; false when there is none.
local function successor_of(at, ids)
  for _, other in ipairs(ids) do
    local other_at = tonumber(redis.call('HGET', turn_key(other), 'at') or -1)
    if other_at > at or (other_at == at and not less(other, id)) then
      return other
    end
  end
  return false
end

local function note_newest(of)
  redis.call('SET', newest, of, 'PX', TOMBSTONE_MS)
end

-- Puts the turn at its place in the conversation's order, once.
local function enqueue(at)
  local ids = redis.call('LRANGE', queue, 0, -1)
  for _, other in ipairs(ids) do
    if other == id then
      return
    end
  end
  local successor = successor_of(at, ids)
  if not successor then
    redis.call('RPUSH', queue, id)
    note_newest(id)
    return
  end
  redis.call('LINSERT', queue, 'BEFORE', successor, id)
  if redis.call('EXISTS', newest) == 0 then
    note_newest(id)
  end
end

-- Puts a record back that somebody remembered (ARGV as for put).
local function put_back(from)
  local deltas = put(turn, from)
  redis.call('DEL', buffer)
  push(buffer, deltas)
  local state, at, deadline, reason = get('state', 'at', 'deadline', 'end')
  if closed(state) then
    redis.call('PEXPIRE', turn, TOMBSTONE_MS)
    return
  end
  if reason ~= 'REFUSED' then
    enqueue(tonumber(at))
  end
  check(ref, ended(state) and now() or next_check(state, deadline))
end

-- Writes a new turn: ARGV[from] and the next are the times to answer and to deliver in ms, the record
-- (as for put) follows. Returns its deadline.
local function create(new_id, state, at, from, ...)
  local key = turn_key(new_id)
  local deadline = at + ARGV[from]
  put(key, from + 2)
  redis.call('HSET', key, 'state', state, 'at', at, 'deadline', deadline,
    'deliverBy', deadline + ARGV[from + 1], ...)
  return deadline
end

-- Now, or just after the last turn in the queue: its order can be told from the times alone.
local function admission_time()
  local last = redis.call('LINDEX', queue, -1)
  local last_at = last and redis.call('HGET', turn_key(last), 'at')
  return math.max(now(), (last_at or -1) + 1)
end

-- Creates a turn at the end of the queue. Returns its state, how many turns come first, when it was
-- admitted and its deadline.
local function admit(new_id, from, ...)
  local before = redis.call('LLEN', queue)
  local state = before == 0 and 'READY' or 'WAITING'
  local at = admission_time()
  local deadline = create(new_id, state, at, from, ...)
  redis.call('RPUSH', queue, new_id)
  note_newest(new_id)
  check(conversation .. '/' .. new_id, next_check(state, deadline))
  return state, before, at, deadline
end
