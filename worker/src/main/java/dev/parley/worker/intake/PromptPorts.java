package dev.parley.worker.intake;

import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.Prompt;
import java.util.List;
import java.util.function.Consumer;

/// What a [HeldPrompt] is given. Every call with a callback gives it once, later, on the machine's thread.
public interface PromptPorts {
  StoreCaller store();

  /// Appends deltas; many turns' share a round trip.
  void append(TurnStore.Append append, Consumer<AppendReply> reply, Runnable unknown);

  /// Begins to generate, from `shown` on.
  void generate(String id, Prompt prompt, List<Delta> shown, boolean alone);

  /// Stops generating; outputs of that id may still arrive and are ignored.
  void stop(String id);

  /// Whether no other prompt of this worker is a suspect: what is claimed beside one that kills the process
  /// would be counted as crashed with it.
  boolean mayClaim();

  /// This worker's attempts that are [HeldPrompt#atWork].
  List<String> attemptsAtWork();

  /// For a suspect: makes the others give way, and tells whether they have.
  boolean alone();

  void renew(Consumer<AckResult> then);

  /// Lets go of the record, whose lock has lapsed.
  void abandon();

  /// Accepts the record, or releases it for the next.
  void acknowledge(boolean accept, Consumer<AckResult> then);

  /// Since the last confirmed liveness of this worker, ms; very long when it had a gap after `sinceMs`.
  long livenessAgeMs(long sinceMs);

  long nowMs();

  IntakeCounters counters();
}
