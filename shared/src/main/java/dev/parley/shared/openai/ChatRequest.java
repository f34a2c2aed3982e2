package dev.parley.shared.openai;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import java.util.List;
import java.util.Optional;

/// A valid request for a chat completion.
///
/// @param sampling the request's options over the server's defaults
/// @param choices how many answers are wanted, 1 to [#MAX_CHOICES]
/// @param stream answer as server-sent events
/// @param includeUsage end the stream with a chunk that counts tokens
/// @param user the client's name for its own end user, if sent
public record ChatRequest(
    String model,
    List<ChatMessage> messages,
    Sampling sampling,
    int choices,
    boolean stream,
    boolean includeUsage,
    Optional<String> user) {
  /// Each choice takes a slot of the engine: more would let one request take all of a small worker.
  public static final int MAX_CHOICES = 4;

  /// What a choice's seed is more than that of the choice before: the increment of SplitMix64 (Steele et al.
  /// 2014, "Fast splittable pseudorandom number generators"), so that seeds 7 and 8 share no choice.
  private static final long SEED_STEP = 0x9E3779B97F4A7C15L;

  public ChatRequest {
    messages = List.copyOf(messages);
    if (choices < 1 || choices > MAX_CHOICES) {
      throw new IllegalArgumentException("choices must be from 1 to " + MAX_CHOICES);
    }
  }

  /// How a choice is drawn: as the others, from a seed of its own, `seed + choice * 0x9E3779B97F4A7C15` in 64
  /// bits. The first draws as it would alone.
  ///
  /// @param choice from 0
  public Sampling sampling(int choice) {
    return sampling.withSeed(sampling.seed() + choice * SEED_STEP);
  }
}
