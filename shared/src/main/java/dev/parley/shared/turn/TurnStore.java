package dev.parley.shared.turn;

import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The scripts on turn records. Each is atomic, and idempotent by turn and attempt or gateway: a call
/// whose outcome is unknown is repeated.
///
/// Every method but the liveness ones answers COLD while no epoch is open. Time is the store's own.
///
/// Methods throw [StoreUnavailable] when the outcome is unknown.
public interface TurnStore {

  /// After an epoch was opened, [#admit] and [#claim] answer WAIT this long, ms: time for owners and
  /// workers to put back what they hold.
  long REBUILD_MS = 3_000;

  /// A worker process is alive this long after its last refresh, ms: the lease of its attempts.
  long WORKER_LEASE_MS = 1_000;

  /// A gateway is alive this long after its last refresh, ms.
  long GATEWAY_LEASE_MS = 3_000;

  /// Longest time between two checks of an open turn whose owner may have died, ms.
  long CHECK_MS = 3_000;

  /// Time a READY turn's owner has to dispatch it before another gateway may look, ms.
  long DISPATCH_MS = 2_000;

  /// How long the store remembers a closed turn, ms: longer than any platform retries.
  long TOMBSTONE_MS = 25 * 3_600_000L;

  /// Arguments of one [#append].
  record Append(TurnRef ref, String attempt, List<Delta> deltas) {}

  /// Arguments of one [#view].
  record View(TurnRef ref, long afterDelta) {}

  /// Opens an epoch if none is open.
  ///
  /// @return the epoch's creation time, epoch milliseconds
  long openEpoch();

  /// Begins a new epoch: Redis was rolled back, and owners must put back what it lost before anything
  /// is released or claimed.
  ///
  /// @return the epoch's creation time, epoch milliseconds
  long reopenEpoch();

  /// No such turn and room in the conversation's queue: creates it, READY at the head, else WAITING.
  /// It is admitted now, or 1 ms after the last in the queue: admission times tell a queue's order.
  /// WAIT while the epoch is young, and when the admission comes too late to be valid.
  AdmitReply admit(Admission admission);

  /// READY -> QUEUED. OK, LATER (another state), MISSING, COLD.
  Outcome produced(TurnRef ref);

  /// Makes the attempt the owner of the turn. In this order:
  ///
  /// 1. ended: Ended.
  /// 2. unknown: Wait while the epoch is young; TooOld past the deadline; else created from the
  ///    prompt as QUEUED.
  /// 3. deadline passed: EXPIRED, Ended.
  /// 4. WAITING (a rolled-back Redis): Wait; Drop at the second ask and when the epoch is not young,
  ///    because its owner has seen by then that it waits, and produces it when its time comes.
  /// 5. RUNNING by the same attempt: the same Run again.
  /// 6. RUNNING by another whose worker lives (the caller's own does, whatever the store says): Wait.
  ///    At the second ask, if that worker's last beat (of the caller's own, the claim) names the
  ///    attempt as at work: orphan = 1 and Drop.
  /// 7. crashes >= maxCrashes: FAILED(POISON), Ended.
  /// 8. else RUNNING with this attempt, starts + 1, orphan = 0, the worker's liveness refreshed (a
  ///    rolled-back Redis may have forgotten its beats); a buffer of another fingerprint is
  ///    dropped and restarts + 1.
  ClaimReply claim(Claim claim);

  /// Attempt equal, RUNNING, first number = stored + 1 or less: appends what is new and publishes it
  /// to the owner's channel; when nobody heard, the turn is due now.
  ///
  /// @param deltas not empty, numbered without holes
  AppendReply append(TurnRef ref, String attempt, List<Delta> deltas);

  /// [#append] of many turns in one round trip, replies in the same order.
  List<AppendReply> appendAll(List<Append> appends);

  /// Attempt equal, RUNNING: drops the buffer and counts a restart, unless more are counted than the caller
  /// knows: then the reply to this one was lost.
  /// OK, OTHER, ENDED, MISSING, COLD.
  ///
  /// @param restarts what the claim said, and one for each restart since
  Outcome restart(TurnRef ref, String attempt, long restarts);

  /// No such turn: puts back a RUNNING turn from its worker's memory. OK, EXISTS (claim it), COLD,
  /// LOST when the worker's liveness was not confirmed within its lease: somebody else may have
  /// taken the turn.
  ///
  /// @param memory attempt, worker and deltas as the worker holds them
  /// @param livenessAgeMs since the worker's last confirmed liveness
  Outcome restore(TurnView memory, long livenessAgeMs);

  /// Attempt equal, RUNNING -> DONE with the text; published. OK (again for the same attempt), OTHER,
  /// ENDED, MISSING, COLD.
  Outcome finish(TurnRef ref, String attempt, String text, EndReason end, Usage usage);

  /// Attempt equal, RUNNING -> FAILED because of the prompt or the engine; otherwise as [#finish].
  Outcome failAttempt(TurnRef ref, String attempt, EndReason end);

  /// Attempt equal, RUNNING -> QUEUED without attempt, yields + 1; READY when it is an orphan.
  /// OK, OTHER, ENDED, MISSING, COLD.
  Outcome handOver(TurnRef ref, String attempt);

  /// Not ended -> CANCELLED with the text so far; published, also to the worker. OK, ENDED, MISSING,
  /// COLD.
  Outcome cancel(TurnRef ref);

  /// Not ended and its deadline passed -> EXPIRED with the text so far. OK, LATER, ENDED, MISSING,
  /// COLD.
  Outcome expire(TurnRef ref);

  /// Not ended -> FAILED with the text so far. OK, ENDED, MISSING, COLD.
  Outcome fail(TurnRef ref, EndReason end);

  /// Ended -> got. OK, LATER, NOT_OWNER, MISSING, COLD.
  Outcome got(TurnRef ref, String gateway);

  /// Owner equal, not closed -> the send of part k is in flight. OK, ENDED (closed), NOT_OWNER, MISSING, COLD.
  Outcome placing(TurnRef ref, String gateway, int part);

  /// Owner equal -> part k has this platform message id. OK, NOT_OWNER, MISSING, COLD.
  Outcome placed(TurnRef ref, String gateway, int part, String messageId);

  /// Ended as its owner has shown it -> DELIVERED or UNDELIVERABLE: buffer and text dropped, tombstone kept, history added,
  /// out of the conversation's queue, and its new head WAITING -> READY (published to its owner),
  /// unless the epoch is young: turns before it may still be missing, so [#promote] does it later.
  /// OK, LATER (not ended, or with another end: Redis was rolled back), NOT_OWNER, MISSING, COLD.
  ///
  /// @param history empty JSON adds nothing
  Outcome delivered(
      TurnRef ref, String gateway, EndReason end, boolean visible, HistoryEntry history);

  /// Owner is `observed` and its liveness gone -> `gateway` owns it, adoptions + 1; not while the
  /// epoch is young, when living owners may not have been seen yet, and not by a gateway whose own
  /// last beat is not there: Redis was rolled back, and has forgotten others' beats too. OK, LOST,
  /// MISSING, COLD.
  ///
  /// @param beat counter of the last [#beatGateway] that was confirmed to `gateway`
  Outcome adopt(TurnRef ref, String observed, String gateway, long beat);

  /// Puts a turn back as its owner remembers it.
  ///
  /// - There is none: all of it, at its place in the queue.
  /// - The memory is the owner's (more adoptions, or as many and the same gateway): gateway and
  ///   adoptions as remembered, parts and placing unless more is stored (a send may have begun since
  ///   this was written), because a worker's [#restore] does not know them;
  ///   and the end, which may have been shown: another one is that of a rolled-back turn. Of a turn that is closed
  ///   here and there, the parts alone: a rollback just before the end may have taken some.
  /// - Else nothing: what is there wins.
  ///
  /// OK (put back, or the owner's facts renewed), EXISTS (somebody else's), COLD.
  Outcome assertTurn(TurnView memory);

  /// WAITING at the head of its conversation while the epoch is not young -> READY: the release was
  /// lost with an emptied or rolled-back Redis. OK, LATER, MISSING, COLD.
  Outcome promote(TurnRef ref);

  /// RUNNING, no living worker at work on it, and it is an orphan or so for longer than `lostAfterMs`
  /// (the share lock and a margin: else the queue redelivers by itself) -> READY, published. OK,
  /// LATER, MISSING, COLD.
  Outcome requeue(TurnRef ref, long lostAfterMs);

  /// The newest turn of the conversation is `old`: it is CANCELLED and DELIVERED silently and leaves
  /// the history; `successor` is admitted with its parts.
  /// OK, LOST (another is newest, or it was taken back), EXISTS, MISSING; LATER while a message of `old` is on its way;
  /// COLD also while the epoch is young, and when the admission comes too late to be valid.
  Outcome replace(TurnRef old, Admission successor);

  /// The newest turn of the conversation is `ref`: it is CANCELLED and DELIVERED silently and leaves the history;
  /// the one before it in the queue, else that of the last exchange, is the newest again.
  /// OK (also when it was taken back before), LOST (another is newest), MISSING; LATER while a message of it is on its
  /// way; COLD also while the epoch is young.
  Outcome retract(TurnRef ref);

  /// Reads a turn.
  ///
  /// @param afterDelta deltas up to this number are left out
  ViewReply view(TurnRef ref, long afterDelta);

  /// [#view] of many turns in one round trip, replies in the same order.
  List<ViewReply> viewAll(List<View> views);

  /// Turns whose check has come and whose owner is dead, at most `limit`; a living owner's are put off
  /// until its liveness could lapse. None while the epoch is young.
  List<DueTurn> sweep(int limit);

  /// The id of the conversation's newest turn, open or remembered; empty when there is none.
  Optional<TurnRef> newest(String conversation);

  /// Turns of a conversation that are not closed, in their order; some that are may still be among them.
  List<TurnRef> queue(String conversation);

  /// The conversation's exchanges, oldest first.
  List<String> history(String conversation);

  /// Forgets the conversation's exchanges, also those of turns that are open now.
  void forget(String conversation);

  /// Refreshes a gateway's liveness.
  ///
  /// @param counter one more than at the last call
  Beat beatGateway(String gateway, long counter);

  /// Refreshes a worker process's liveness.
  ///
  /// @param load free slots and such, JSON, read by other workers
  /// @param atWork its attempts that may own a turn: its liveness vouches for these only
  Beat beatWorker(String worker, String load, List<String> atWork);

  /// Load of every living worker, by worker.
  Map<String, String> workers();
}
