package dev.parley.shared.testing;

import dev.parley.shared.wire.Lane;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The queue as Kafka's share groups behave, no kinder: what a worker must survive happens here
/// too. Pure: it has no clock, thread or randomness; callers tell it the time in milliseconds and
/// choose what goes wrong.
///
/// What it shares with the broker:
/// - a lock ends at its time, whether or not its holder still works; the record then goes to
///   whoever polls next, with its delivery count raised;
/// - a holder's acknowledgement after its lock has lapsed is refused while the record is waiting or
///   held by a rival, and *confirmed* once the rival has finished and every earlier record is
///   finished too: an acknowledgement is no fence;
/// - leaving (closing, dying with the connection) gives back at once what was held; the delivery
///   stays counted;
/// - a record delivered as often as the limit allows, or rejected, becomes a dead letter with its
///   key and value; when the dead letter cannot be written the record is gone all the same;
/// - a restart of the broker forgets who holds what and counts no delivery that was not
///   acknowledged, released or timed out before; the old holders' next acknowledgement is
///   unanswered;
/// - a member that stopped polling may be given a record that it sees only at its next poll, stale;
/// - a lane stalls while its oldest unfinished record is [Limits#maxRecordLocks] behind its end.
///
/// Members are named by the caller and belong to one lane each; nothing else is needed to join.
/// Not thread-safe.
public final class ShareQueueModel {
  /// @param lockMs how long a delivery lasts without a renewal
  /// @param deliveryLimit deliveries after which a record becomes a dead letter
  /// @param maxRecordLocks how far a lane may run ahead of its oldest unfinished record
  public record Limits(long lockMs, int deliveryLimit, int maxRecordLocks) {
    public Limits {
      if (lockMs < 1 || deliveryLimit < 1 || maxRecordLocks < 1) {
        throw new IllegalArgumentException("limits must be positive");
      }
    }

    /// As the provisioner sets them.
    public static Limits defaults() {
      return new Limits(15_000, 10, 10_000);
    }
  }

  /// A record as a poll returns it.
  @SuppressWarnings("ArrayRecordComponent") // told apart by its offset
  public record Delivery(
      String key, byte[] value, int deliveryCount, long offset, long timestampMs) {}

  /// A copy of what the queue gave up on.
  @SuppressWarnings("ArrayRecordComponent") // told apart by its place in the list
  public record DeadLetter(String key, byte[] value, String reason) {}

  /// What a holder wants with its record.
  public enum Wish {
    ACCEPT,
    RELEASE,
    REJECT,
    RENEW
  }

  /// The broker's answer.
  public enum Answer {
    DONE,
    /// The record is not this member's.
    INVALID_STATE,
    /// The broker does not know this member's session: nothing was done, and the client cannot tell.
    NO_SESSION
  }

  private final Map<Lane, ShareLaneModel> lanes = new EnumMap<>(Lane.class);
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private boolean deadLettersWritable = true;

  public ShareQueueModel(Limits limits) {
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new ShareLaneModel(limits, this::bury));
    }
  }

  /// Appends a record; the same prompt may be appended twice.
  ///
  /// @return its offset in the lane
  public long produce(Lane lane, String key, byte[] value, long nowMs) {
    return lane(lane).produce(key, value, nowMs);
  }

  /// Delivers the oldest waiting record, or the stale one that was given to this member unseen.
  public Optional<Delivery> poll(Lane lane, String member, long nowMs) {
    return poll(lane, member, nowMs, 0);
  }

  /// Delivers a later waiting record: the order of a share group is no promise.
  ///
  /// @param skip how many waiting records to pass over; the last one is taken when there are fewer
  public Optional<Delivery> poll(Lane lane, String member, long nowMs, int skip) {
    return lane(lane).poll(member, nowMs, skip);
  }

  /// A member acknowledges the record of this offset.
  public Answer acknowledge(Lane lane, String member, long offset, Wish wish, long nowMs) {
    return lane(lane).acknowledge(member, offset, wish, nowMs);
  }

  /// The member is gone, in good order or not; what it held is given back at once. (A process that
  /// is only stopped does not leave.)
  public void leave(Lane lane, String member, long nowMs) {
    lane(lane).leave(member, nowMs);
  }

  /// Gives the next record to a member that does not poll. Its next poll returns it, however late.
  public void strand(Lane lane, String member, long nowMs) {
    lane(lane).strand(member, nowMs);
  }

  /// The broker stops and starts on its data.
  public void restart(long nowMs) {
    lanes.values().forEach(lane -> lane.restart(nowMs));
  }

  /// Whether dead letters can be written; a record that cannot is gone without a trace.
  public void setDeadLettersWritable(boolean writable) {
    deadLettersWritable = writable;
  }

  /// All dead letters so far, oldest first, from this place in the list on.
  public List<DeadLetter> deadLetters(int from) {
    return List.copyOf(deadLetters.subList(Math.min(from, deadLetters.size()), deadLetters.size()));
  }

  /// Lets locks lapse whose time has come. Every other method that is told the time does so too.
  public void tick(long nowMs) {
    lanes.values().forEach(lane -> lane.lapse(nowMs));
  }

  /// When the next lock lapses, in milliseconds; empty when none is held.
  public OptionalLong nextLapseMs() {
    return lanes.values().stream()
        .map(ShareLaneModel::nextLapseMs)
        .flatMapToLong(OptionalLong::stream)
        .min();
  }

  /// Records that nobody holds.
  public int waiting(Lane lane, long nowMs) {
    return lane(lane).waiting(nowMs);
  }

  /// Records that are held, seen or unseen.
  public int held(Lane lane, long nowMs) {
    return lane(lane).held(nowMs);
  }

  private void bury(DeadLetter letter) {
    if (deadLettersWritable) {
      deadLetters.add(letter);
    }
  }

  private ShareLaneModel lane(Lane lane) {
    ShareLaneModel model = lanes.get(lane);
    if (model == null) {
      throw new IllegalArgumentException("no such lane: " + lane);
    }
    return model;
  }
}
