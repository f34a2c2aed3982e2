package dev.parley.simulation;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.EndReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// One user message of a run: what was planned for it, and everything that became visible.
final class Case {

  /// How the answer becomes visible.
  enum Kind {
    /// The reader fetches it: the chat page.
    PAGE,
    /// An open connection to one gateway: an OpenAI client.
    STREAM,
    /// A message that is edited and can be looked up by its mark (Slack).
    FINDABLE,
    /// A message that is edited and cannot be looked up (Telegram).
    BLIND
  }

  /// A final text that a user could see.
  record Shown(long atMs, EndReason end, String text) {}

  final TurnRef ref;
  final Kind kind;
  final int tokens;
  final boolean poison;

  /// Whether its engine stalls for ever after the first token.
  final boolean stuck;

  /// When the user stops it, or a time that never comes.
  final long cancelAtMs;

  boolean accepted;
  boolean refused;
  long acceptedMs;
  boolean cancelled;

  /// The store's order of admission within the conversation.
  long admittedMs;

  /// The same of its first admission: a rolled-back Redis admits a retried message a second time.
  long firstAdmittedMs = Long.MAX_VALUE;

  /// Where its answer is seen, if that is on a platform.
  final Chat chat;

  /// The turn in whose place this one came.
  Optional<TurnRef> old = Optional.empty();

  /// When the store took it back, or let another come in its place.
  OptionalLong retiredMs = OptionalLong.empty();

  /// Whether the store took it back.
  boolean retracted;

  /// Whether its user was told so.
  boolean takenBack;

  /// Somebody asked for another answer, or to take it back, perhaps in vain.
  boolean wishedAway;

  final List<Shown> ends = new ArrayList<>();

  /// Ends that the store took and, for a page or a stream, closed.
  final List<Shown> closings = new ArrayList<>();

  /// Texts of ends that an attempt wrote and the store took.
  final Set<String> finished = new HashSet<>();

  /// The attempt that may write; empty before the first claim.
  String owner = "";

  long claimedMs;

  /// How often an attempt became the owner, again after a rival too.
  int starts;

  final Set<String> attempts = new HashSet<>();
  String shown = "";
  int unannouncedChanges;
  int announcedRestarts;
  int wrongLogprobs;
  boolean ownerDied;

  /// The queue gave its record up.
  boolean givenUp;

  /// The gateway it was last submitted to.
  String via = "";

  /// The gateway that closed it first.
  String closedBy = "";

  Case(
      TurnRef ref,
      Kind kind,
      int tokens,
      boolean poison,
      boolean stuck,
      long cancelAtMs,
      Chat chat) {
    this.ref = ref;
    this.kind = kind;
    this.tokens = tokens;
    this.poison = poison;
    this.stuck = stuck;
    this.cancelAtMs = cancelAtMs;
    this.chat = chat;
  }

  boolean edited() {
    return kind == Kind.FINDABLE || kind == Kind.BLIND;
  }
}
