package dev.parley.gateway.telegram;

import dev.parley.shared.runtime.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;
import org.telegram.telegrambots.meta.api.objects.Update;

/// Asks Telegram for updates, one poll after another, and confirms an update by the next poll's offset only when
/// it was taken. The SDK's own loop moves the offset before the work and does not notice a poll that hangs, so it
/// is not used. A poll that fails, hangs or brings nonsense is followed by another, after a pause.
final class UpdatePoller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UpdatePoller.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /// Updates taken out of order that are remembered until those before them are.
  private static final int MOST_TAKEN = 10_000;

  private final TelegramApi api;
  private final TelegramLimits limits;
  private final List<String> kinds;
  private final Function<List<Update>, List<Update>> take;
  private final TelegramMeters meters;
  private final TreeSet<Integer> taken = new TreeSet<>();
  private int offset;
  private volatile boolean open = true;
  private volatile String problem = "";
  private @Nullable Thread thread;

  /// @param kinds of updates that are wanted
  /// @param take returns those of the given updates, oldest first, that need not come again
  UpdatePoller(
      TelegramApi api,
      TelegramLimits limits,
      List<String> kinds,
      Function<List<Update>, List<Update>> take,
      TelegramMeters meters) {
    this.api = api;
    this.limits = limits;
    this.kinds = kinds;
    this.take = take;
    this.meters = meters;
  }

  void start() {
    thread = Threads.start("telegram-poll", this::run);
  }

  /// Why updates do not come; empty when they do.
  String problem() {
    return problem;
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (open) {
      try {
        Thread.sleep(pause);
        pause = pollOnce() ? Duration.ZERO : longer(pause);
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        LOG.error("an update could not be handled; it comes again", e);
        pause = longer(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  /// @return whether the next poll may follow at once
  private boolean pollOnce() {
    GetUpdates method =
        new GetBotUpdates(offset, limits.updates(), (int) limits.poll().toSeconds(), kinds);
    ApiResult<ArrayList<Update>> result = api.poll(method);
    return switch (result) {
      case ApiResult.Ok<ArrayList<Update>> ok -> {
        say("");
        yield taken(ok.value());
      }
      case ApiResult.Refused<ArrayList<Update>> refused -> {
        if (TelegramApi.isConflict(refused)) {
          meters.conflict();
          say(
              "another program asks for this bot's updates (%s): stop it, or use a bot of its own"
                  .formatted(refused.description()));
        } else {
          say("Telegram refuses to give updates: " + refused.description());
        }
        yield false;
      }
      case ApiResult.Flood<ArrayList<Update>> flood -> {
        say("Telegram asks to poll later, in " + flood.retryAfterMs() + " ms");
        yield false;
      }
      case ApiResult.Unreachable<ArrayList<Update>> away -> {
        say("Telegram cannot be reached: " + away.reason());
        yield false;
      }
      case ApiResult.Unknown<ArrayList<Update>> unknown -> {
        say("a poll failed: " + unknown.reason());
        yield false;
      }
      case ApiResult.Migrated<ArrayList<Update>> odd -> false;
    };
  }

  private void say(String what) {
    if (open && !what.isEmpty() && !what.equals(problem)) {
      LOG.warn("{}", what);
    }
    problem = what;
  }

  private boolean taken(List<Update> updates) {
    List<Update> fresh =
        updates.stream()
            .filter(u -> !taken.contains(u.getUpdateId()))
            .sorted(Comparator.comparingInt(Update::getUpdateId))
            .toList();
    take.apply(fresh).forEach(u -> taken.add(u.getUpdateId()));
    boolean all = true;
    for (Update update : updates) {
      if (!taken.contains(update.getUpdateId())) {
        all = false;
        break;
      }
      offset = update.getUpdateId() + 1;
    }
    taken.headSet(offset).clear();
    while (taken.size() > MOST_TAKEN) {
      taken.pollFirst();
    }
    return all;
  }

  @Override
  public void close() {
    open = false;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
