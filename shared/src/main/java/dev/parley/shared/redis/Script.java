package dev.parley.shared.redis;

import java.util.List;

/// The Lua files and what comes before each.
enum Script {
  OPEN_EPOCH("open_epoch", Base.SHARD),
  REOPEN_EPOCH("reopen_epoch", Base.SHARD),
  ADMIT("admit", Base.STATE),
  PRODUCED("produced", Base.STATE),
  CLAIM("claim", Base.STATE),
  APPEND("append", Base.NEXT_DELTA),
  RESTART("restart", Base.TURN),
  RESTORE("restore", Base.STATE),
  FINISH("finish", Base.STATE),
  FAIL_ATTEMPT("fail_attempt", Base.STATE),
  HAND_OVER("hand_over", Base.STATE),
  GIVE_UP("give_up", Base.STATE),
  GOT("got", Base.TURN),
  PLACING("placing", Base.TURN),
  PLACED("placed", Base.TURN),
  DELIVERED("delivered", Base.STATE),
  ADOPT("adopt", Base.STATE),
  ASSERT("assert", Base.STATE),
  PROMOTE("promote", Base.STATE),
  REQUEUE("requeue", Base.STATE),
  REPLACE("replace", Base.STATE),
  RETRACT("retract", Base.STATE),
  VIEW("view", Base.TURN),
  SWEEP("sweep", Base.SHARD),
  BEAT_GATEWAY("beat_gateway", Base.SHARD),
  BEAT_WORKER("beat_worker", Base.SHARD),
  WORKERS("workers", Base.SHARD),
  FORGET("forget", Base.SHARD),
  TAKE_LEAVE("take_leave", Base.SHARD),
  HOLD_LEAVE("hold_leave", Base.SHARD);

  final String file;
  final Base base;

  Script(String file, Base base) {
    this.file = file;
    this.base = base;
  }

  /// Whom a script is about, and so what it needs.
  enum Base {
    /// The whole shard: only the clock.
    SHARD,
    /// Fields of one turn.
    TURN,
    /// A turn's state, with all that follows from it.
    STATE,
    /// The same, after a first part that mostly is enough.
    NEXT_DELTA;

    /// Files before the script.
    List<String> files() {
      return switch (this) {
        case SHARD -> List.of("clock");
        case TURN -> List.of("clock", "prelude");
        case STATE -> List.of("clock", "prelude", "turns");
        case NEXT_DELTA -> List.of("append_next", "clock", "prelude", "turns");
      };
    }
  }
}
