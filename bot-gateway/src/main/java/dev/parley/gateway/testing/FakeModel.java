package dev.parley.gateway.testing;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.shared.wire.EndReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers every open turn of a [FakeTurns] a word at a time, at a given pace.
public final class FakeModel implements AutoCloseable {
  private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*");

  private final FakeTurns turns;
  private final Function<InboundMessage, String> answers;
  private final Map<InboundMessage, Matcher> running = new HashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fake-model").factory());

  public FakeModel(FakeTurns turns, Duration pace, Function<InboundMessage, String> answers) {
    this.turns = turns;
    this.answers = answers;
    var _ = clock.scheduleAtFixedRate(this::step, 0, pace.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void step() {
    for (InboundMessage message : turns.open()) {
      Matcher words = running.computeIfAbsent(message, m -> WORD.matcher(answers.apply(m)));
      if (words.find()) {
        turns.say(message.ref(), words.group());
      } else {
        turns.end(message.ref(), EndReason.STOP);
        running.remove(message);
      }
    }
  }
}
