package dev.parley.gateway.admission;

import dev.parley.gateway.chat.Submission.Refusal;
import dev.parley.gateway.chat.Submission.Refused;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.TurnRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Counts the turns that are open here and refuses what would be too many. A turn is inside from the
/// moment its admission is tried until it ends. Not thread-safe.
public final class AdmissionGate {

  private final AdmissionLimits limits;
  private final Map<TurnRef, String> inside = new HashMap<>();
  private final Map<String, Integer> byUser = new HashMap<>();

  public AdmissionGate(AdmissionLimits limits) {
    this.limits = limits;
  }

  /// Lets turns of one user in together, or says why none of them. A turn that is inside stays so.
  public Optional<Refused> enter(Collection<TurnRef> turns, TurnRequest request) {
    List<TurnRef> fresh = turns.stream().filter(ref -> !inside.containsKey(ref)).toList();
    if (fresh.isEmpty()) {
      return Optional.empty();
    }
    String user = user(request);
    int most = request.reply().isApi() ? limits.apiKey() : limits.chatUser();
    if (byUser.getOrDefault(user, 0) + fresh.size() > most) {
      return Optional.of(
          new Refused(
              Refusal.TOO_MANY,
              "You may have %d answers in progress, and this would be more. Please wait for one to end."
                  .formatted(most),
              limits.retryAfter()));
    }
    if (inside.size() + fresh.size() > limits.total()) {
      return Optional.of(
          new Refused(
              Refusal.UNAVAILABLE,
              "Too many messages are waiting at the moment. Please try again later.",
              limits.retryAfter()));
    }
    fresh.forEach(ref -> inside.put(ref, user));
    byUser.merge(user, fresh.size(), Integer::sum);
    return Optional.empty();
  }

  /// The turn ended, or was not admitted after all.
  public void leave(TurnRef ref) {
    String user = inside.remove(ref);
    if (user != null) {
      byUser.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /// Number of turns inside.
  public int size() {
    return inside.size();
  }

  /// Behind an API key are many people that we do not know, so the key counts.
  private static String user(TurnRequest request) {
    return request.reply().isApi()
        ? "key " + request.tenant()
        : "user " + request.tenant() + " " + request.user();
  }
}
