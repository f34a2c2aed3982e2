package dev.parley.worker.engine;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The engine on a made-up model: no download, any speed, and text that a test can foretell.
///
/// The answer repeats the last message (`You said: ...`) and goes on with words drawn by a hash of the whole
/// conversation and the seed. A last message with `N words` in it is answered with exactly N words. A request with a
/// response format gets a short text of that form. The loop, the scheduler and the batching are the real ones.
public final class FakeEngine {
  private FakeEngine() {}

  /// How large and how fast.
  ///
  /// @param tokensPerSecond of each running answer (all rows of a decode call are computed at once)
  /// @param prefillTokensPerSecond of prompts
  public record Options(
      int slots, int contextTokens, double tokensPerSecond, double prefillTokensPerSecond) {

    /// Four slots of 4,096 words, 50 words a second, 5,000 words of prompt a second.
    public static final Options DEFAULT = new Options(4, 4096, 50, 5000);

    public Options {
      if (tokensPerSecond <= 0 || prefillTokensPerSecond <= 0) {
        throw new IllegalArgumentException("a speed must be positive");
      }
    }

    public Options withSlots(int count) {
      return new Options(count, contextTokens, tokensPerSecond, prefillTokensPerSecond);
    }

    public Options withContextTokens(int tokens) {
      return new Options(slots, tokens, tokensPerSecond, prefillTokensPerSecond);
    }

    public Options withTokensPerSecond(double speed) {
      return new Options(slots, contextTokens, speed, prefillTokensPerSecond);
    }
  }

  public static Engine start(Options options, EngineSettings settings, StepListener listener) {
    return BatchingEngine.start(new FakeModel(options), settings, listener);
  }

  /// The tokens (words, with the space before them) that the fake answers, up to `maxTokens`; stop strings
  /// and a response format are not applied.
  public static List<String> expectedTokens(List<ChatMessage> messages, Sampling sampling) {
    FakeWords words = new FakeWords();
    int[] prompt = words.prompt(messages);
    List<String> tokens = new ArrayList<>();
    while (tokens.size() < sampling.maxTokens()) {
      int next = words.next(prompt, sampling.seed(), tokens.size());
      if (next == FakeWords.END) {
        break;
      }
      tokens.add(words.word(next));
    }
    return tokens;
  }

  /// The whole visible answer: [#expectedTokens] up to the first stop string.
  public static String expectedText(List<ChatMessage> messages, Sampling sampling) {
    String text = String.join("", expectedTokens(messages, sampling));
    for (int end = 0; end <= text.length(); end++) {
      String shown = text.substring(0, end);
      Optional<String> stop =
          sampling.stop().stream()
              .filter(shown::endsWith)
              .max(Comparator.comparingInt(String::length));
      if (stop.isPresent()) {
        return shown.substring(0, end - stop.get().length());
      }
    }
    return text;
  }
}
