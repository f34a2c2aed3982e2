package dev.parley.doubles.telegram;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Which calls go wrong and how. Scripted faults go first, in the order they were given; then those by chance, which
/// come from a seed.
///
/// Its methods may be called from any thread.
public final class Faults {

  private record Scripted(Method method, OptionalLong chatId, Fault fault) {}

  private record Chance(
      Method method, OptionalLong chatId, double share, RandomGenerator random, Fault fault) {}

  private final List<Scripted> scripted = new ArrayList<>();
  private final List<Chance> chances = new ArrayList<>();

  Faults() {}

  /// The next calls of this method go wrong, one for each fault.
  public void next(Method method, Fault... faults) {
    script(method, OptionalLong.empty(), faults);
  }

  /// The next calls of this method for this chat go wrong, one for each fault.
  public void next(Method method, Chat chat, Fault... faults) {
    script(method, OptionalLong.of(chat.id()), faults);
  }

  /// Every call of this method goes wrong, until [#clear].
  public void always(Method method, Fault fault) {
    share(method, 1, 0, fault);
  }

  /// Every call of this method for this chat goes wrong, until [#clear].
  public void always(Method method, Chat chat, Fault fault) {
    share(method, chat, 1, 0, fault);
  }

  /// A share of the calls of this method goes wrong, until [#clear].
  ///
  /// @param share from 0 to 1
  /// @param seed the same seed and the same calls give the same faults
  public void share(Method method, double share, long seed, Fault fault) {
    chance(method, OptionalLong.empty(), share, seed, fault);
  }

  /// A share of the calls of this method for this chat goes wrong, until [#clear].
  public void share(Method method, Chat chat, double share, long seed, Fault fault) {
    chance(method, OptionalLong.of(chat.id()), share, seed, fault);
  }

  /// All goes well from now on.
  public synchronized void clear() {
    scripted.clear();
    chances.clear();
  }

  /// How many scripted faults no call has met yet.
  public synchronized int waiting() {
    return scripted.size();
  }

  /// The fault of a call that came in.
  synchronized Optional<Fault> take(ApiCall call) {
    Iterator<Scripted> next = scripted.iterator();
    while (next.hasNext()) {
      Scripted candidate = next.next();
      if (concerns(call, candidate.method, candidate.chatId)) {
        next.remove();
        return Optional.of(candidate.fault);
      }
    }
    return chances.stream()
        .filter(c -> concerns(call, c.method, c.chatId) && c.random.nextDouble() < c.share)
        .map(Chance::fault)
        .findFirst();
  }

  private synchronized void script(Method method, OptionalLong chatId, Fault... faults) {
    for (Fault fault : faults) {
      scripted.add(new Scripted(method, chatId, fault));
    }
  }

  private synchronized void chance(
      Method method, OptionalLong chatId, double share, long seed, Fault fault) {
    if (share < 0 || share > 1) {
      throw new IllegalArgumentException("a share is between 0 and 1, not " + share);
    }
    chances.add(new Chance(method, chatId, share, new SplittableRandom(seed), fault));
  }

  private static boolean concerns(ApiCall call, Method method, OptionalLong chatId) {
    return call.method() == method && (chatId.isEmpty() || chatId.getAsLong() == call.chatId());
  }
}
