package dev.parley.bench;

import java.util.List;

/// A load on an engine, what is read off it, and what we want of that.
interface Scenario {
  /// Under which it is asked for: `A`.
  String letter();

  /// What happens, for people.
  String title();

  /// What a peer is given for it.
  default Capacity capacity(Peer peer) {
    return Capacity.EIGHT_SLOTS;
  }

  /// Whether the whole path is measured too, and not the engine alone.
  default boolean onWholePath() {
    return false;
  }

  /// Whether no other peer can be compared in it.
  default boolean oursAlone() {
    return false;
  }

  /// In the order in which people want to read them.
  List<Metric> metrics();

  List<Wanted> wanted();

  /// Runs it once.
  ///
  /// @param prompts those of the round: every peer is asked the same
  Run run(Endpoint server, Prompts prompts) throws InterruptedException;

  /// All, in the order of their letters.
  static List<Scenario> all() {
    return List.of(
        new Burst(),
        new LongPromptArrives(),
        new SlotHoles(),
        new ShortQuestion(),
        new ConversationTurns(),
        new TurnsAnywhere(),
        new SharedPrompt(),
        new ScarceMemory(),
        new Cancels(),
        new HeavyUser());
  }
}
