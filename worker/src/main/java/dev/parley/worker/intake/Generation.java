package dev.parley.worker.intake;

import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Usage;
import java.util.List;
import java.util.Optional;

/// The engine's part in a held prompt: at most one request at a time, each with an id of its own, so that what a
/// stopped one still says is known for what it is.
final class Generation {
  private final PromptPorts ports;
  private final String attempt;
  private int begun;
  private String id = "";
  private Optional<EndReason> ended = Optional.empty();
  private Usage usage = Usage.NONE;
  private boolean restarts;

  Generation(PromptPorts ports, String attempt) {
    this.ports = ports;
    this.attempt = attempt;
  }

  /// Whether there is a request, at work or ended.
  boolean exists() {
    return !id.isEmpty();
  }

  boolean is(String requestId) {
    return id.equals(requestId);
  }

  /// Why the answer is complete, once it is.
  Optional<EndReason> ended() {
    return ended;
  }

  Usage usage() {
    return usage;
  }

  /// Whether the engine has begun the answer anew and nobody was told yet.
  boolean restarts() {
    return restarts;
  }

  void begin(Prompt prompt, List<Delta> shown, boolean alone) {
    ports.counters().started(!shown.isEmpty());
    id = attempt + "#" + begun++;
    ports.generate(id, prompt, shown, alone);
  }

  void restarted() {
    restarts = true;
  }

  void restartTold() {
    restarts = false;
  }

  void ended(EndReason reason, Usage total) {
    ended = Optional.of(reason);
    usage = total;
  }

  /// Stops what is at work. An end that it brought stays known until [#forget].
  void stop() {
    if (exists() && ended.isEmpty()) {
      ports.stop(id);
    }
    id = "";
  }

  /// Forgets how it ended: the answer that it completed does not count.
  void forget() {
    ended = Optional.empty();
    restarts = false;
  }
}
