package dev.parley.doubles.telegram;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides which updates are posted to the bot's webhook, where and when. Told the time; not thread-safe.
///
/// The updates of one chat go one after the other, those of different chats at the same time, up to the bot's number of
/// connections. An update that is not taken is posted again after a second, then after two, four, and so on.
final class Webhook {
  static final int DEFAULT_CONNECTIONS = 40;
  private static final long FIRST_RETRY_MS = 1_000;
  private static final long LONGEST_RETRY_MS = 64_000;

  /// What the bot set.
  ///
  /// @param secret goes into a header of each post
  /// @param maxConnections posts at the same time
  record Target(URI url, Optional<String> secret, int maxConnections) {}

  /// One post.
  record Delivery(Update update, URI url, Optional<String> secret) {}

  /// How far an update has come.
  private static final class Progress {
    int open;
    boolean taken;
    int failures;
    long nextMs = Long.MIN_VALUE;
  }

  private final Map<Integer, Progress> progress = new HashMap<>();
  private Optional<Target> target = Optional.empty();
  private WebhookRoute route = WebhookRoute.direct();
  private int turn;
  private int open;
  private long lastErrorMs;
  private String lastError = "";

  Optional<Target> target() {
    return target;
  }

  void target(Optional<Target> newTarget) {
    target = newTarget;
    lastError = "";
    progress.clear();
  }

  void route(WebhookRoute newRoute) {
    route = newRoute;
  }

  /// Why the last post failed, empty when none has.
  String lastError() {
    return lastError;
  }

  long lastErrorMs() {
    return lastErrorMs;
  }

  /// The posts to begin now; each must be ended by [#ended].
  ///
  /// @param pending the unconfirmed updates, the oldest first
  List<Delivery> due(List<Update> pending, long now) {
    if (target.isEmpty()) {
      return List.of();
    }
    List<Delivery> due = new ArrayList<>();
    Set<Long> busyChats = new HashSet<>();
    for (Update update : pending) {
      if (open >= target.get().maxConnections()) {
        break;
      }
      Progress state = progress.computeIfAbsent(update.id(), id -> new Progress());
      if (busyChats.add(update.chatId()) && state.open == 0 && state.nextMs <= now) {
        for (URI url : urls(target.get(), update)) {
          due.add(new Delivery(update, url, target.get().secret()));
          state.open++;
          open++;
        }
      }
    }
    return due;
  }

  /// When a failed post is next repeated; `Long.MAX_VALUE` when none waits.
  long nextMs() {
    return progress.values().stream()
        .filter(p -> p.open == 0 && p.failures > 0)
        .mapToLong(p -> p.nextMs)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /// A post is over.
  ///
  /// @param error why the update was not taken
  /// @return whether the update is taken and no post of it is on its way any more
  boolean ended(Delivery delivery, Optional<String> error, long now) {
    open--;
    error.ifPresent(reason -> {
      lastError = reason;
      lastErrorMs = now;
    });
    Progress state = progress.get(delivery.update().id());
    if (state == null) {
      // The webhook was set anew since.
      return error.isEmpty();
    }
    state.open--;
    state.taken |= error.isEmpty();
    if (state.open > 0) {
      return false;
    }
    if (state.taken) {
      progress.remove(delivery.update().id());
      return true;
    }
    state.nextMs = now + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS << Math.min(state.failures, 10));
    state.failures++;
    return false;
  }

  private List<URI> urls(Target to, Update update) {
    List<URI> servers = route.servers().isEmpty() ? List.of(to.url()) : route.servers();
    if (route.toEach()) {
      return servers;
    }
    List<URI> chosen = new ArrayList<>();
    for (int copies = update.twice() ? 2 : 1; copies > 0; copies--) {
      chosen.add(servers.get(turn % servers.size()));
      turn = (turn + 1) % servers.size();
    }
    return chosen;
  }
}
