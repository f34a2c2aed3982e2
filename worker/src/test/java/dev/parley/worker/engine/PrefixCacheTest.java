package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.worker.engine.PrefixCache.Match;
import dev.parley.worker.llama.SavedSequence;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrefixCacheTest {
  private static final int MOST_BYTES = 1_000;

  private final AtomicInteger open = new AtomicInteger();
  private final PrefixCache cache = new PrefixCache(MOST_BYTES, true);
  private final PrefixCache whole = new PrefixCache(MOST_BYTES, false);

  @AfterEach
  void everything_is_given_back() {
    cache.close();
    whole.close();
    assertThat(open).hasValue(0);
  }

  /// A cache of a byte a token.
  private final class Saved implements SavedSequence {
    private final int[] tokens;

    Saved(int[] tokens) {
      this.tokens = tokens;
      open.incrementAndGet();
    }

    @Override
    public long bytes() {
      return tokens.length;
    }

    @Override
    public SavedSequence share() {
      throw new UnsupportedOperationException("no files here");
    }

    @Override
    public void writeTo(WritableByteChannel channel) {
      throw new UnsupportedOperationException("no files here");
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  private static int[] tokens(int first, int count) {
    return IntStream.range(first, first + count).toArray();
  }

  private void put(PrefixCache into, int[] tokens) {
    into.put("scope", tokens, new Saved(tokens));
  }

  /// Tokens spared.
  private static int spared(PrefixCache by, int[] prompt) {
    Optional<Match> match = by.find("scope", prompt);
    match.ifPresent(m -> by.release(m.snapshot()));
    return match.map(Match::tokens).orElse(0);
  }

  @Test
  void a_snapshot_that_is_larger_than_all_room_drives_nobody_out() {
    put(cache, tokens(0, 200));
    put(cache, tokens(5_000, MOST_BYTES + 1));
    assertThat(spared(cache, tokens(0, 201))).isEqualTo(201 - 64);
    assertThat(open).hasValue(1);
  }

  @Test
  void the_least_recently_used_makes_room() {
    put(cache, tokens(0, 400));
    put(cache, tokens(1_000, 400));
    assertThat(spared(cache, tokens(0, 401))).isEqualTo(401 - 64);
    put(cache, tokens(2_000, 400));
    assertThat(spared(cache, tokens(0, 401))).isEqualTo(401 - 64);
    assertThat(spared(cache, tokens(1_000, 401))).isZero();
  }

  @Test
  void what_cannot_be_trimmed_is_reused_whole_or_not_at_all() {
    put(whole, tokens(0, 100));
    assertThat(spared(whole, tokens(0, 120))).isEqualTo(100);
    assertThat(spared(whole, tokens(0, 99))).isZero();
    // The last token of a prompt is always computed: its logits are wanted.
    assertThat(spared(whole, tokens(0, 100))).isZero();
    assertThat(spared(cache, tokens(0, 120))).isZero();
  }

  @Test
  void whole_chunks_are_left_to_the_end_of_a_prompt() {
    put(cache, tokens(0, 200));
    assertThat(spared(cache, tokens(0, 150))).isEqualTo(150 - 64);
    assertThat(spared(cache, tokens(0, 264))).isEqualTo(200);
    assertThat(spared(cache, tokens(0, 265))).isEqualTo(265 - 128);
    assertThat(spared(cache, tokens(0, 500))).isEqualTo(500 - 5 * 64);
  }

  @Test
  void less_than_a_chunk_is_not_reused() {
    put(cache, tokens(0, 64));
    assertThat(spared(cache, tokens(0, 64))).isZero();
    assertThat(spared(cache, tokens(0, 127))).isZero();
    assertThat(spared(cache, tokens(0, 128))).isEqualTo(64);
  }

  @Test
  void a_longer_snapshot_stands_for_a_shorter_one_only_where_it_can_be_trimmed() {
    put(cache, tokens(0, 200));
    assertThat(cache.covers("scope", tokens(0, 128))).isTrue();
    put(whole, tokens(0, 200));
    assertThat(whole.covers("scope", tokens(0, 128))).isFalse();
    assertThat(whole.covers("scope", tokens(0, 200))).isTrue();
  }
}
