package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.model.TokenModel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A model that fails takes down the requests of the failed call, never the engine.
class FaultTest {
  private static final List<ChatMessage> LONG = List.of(ChatMessage.user("Write 900 words"));

  private final EngineProbe probe = new EngineProbe();

  private Engine start(DecodeResult prefillOfBad) {
    FakeModel fake = new FakeModel(new FakeEngine.Options(4, 1024, 1000, 100_000));
    return BatchingEngine.start(
        new FailingModel(fake, prefillOfBad, 0), EngineSettings.DEFAULT, probe);
  }

  private void failsAloneWith(DecodeResult result) {
    try (Engine engine = start(result)) {
      engine.submit(EngineRequest.of("good", LONG, Sampling.greedy(900)));
      probe.awaitPieces("good", 3);
      engine.submit(EngineRequest.of("bad", List.of(ChatMessage.user("bad")), Sampling.greedy(9)));
      Ended bad = probe.awaitEnd("bad");
      assertThat(bad.reason()).isEqualTo(EndReason.ENGINE);
      assertThat(bad.detail()).contains(result.name());
      assertThat(probe.ends("good")).isEmpty();
      engine.cancel("good");
      assertThat(probe.awaitEnd("good").reason()).isEqualTo(EndReason.CANCELLED);
      engine.submit(EngineRequest.of("next", LONG, Sampling.greedy(3)));
      assertThat(probe.awaitEnd("next").reason()).isEqualTo(EndReason.LENGTH);
    }
  }

  @Test
  void a_refused_batch_ends_its_request_only() {
    failsAloneWith(DecodeResult.REFUSED);
  }

  @Test
  void a_full_cache_ends_its_request_only() {
    failsAloneWith(DecodeResult.NO_ROOM);
  }

  @Test
  void a_failed_device_ends_the_requests_of_the_call() {
    failsAloneWith(DecodeResult.FAILED);
  }

  @Test
  void a_closed_engine_drops_what_it_holds_silently() {
    Engine engine = start(DecodeResult.OK);
    engine.submit(EngineRequest.of("held", LONG, Sampling.greedy(900)));
    probe.awaitPieces("held", 3);
    engine.close();
    assertThat(probe.ends("held")).isEmpty();
    assertThat(engine.progress().alive()).isFalse();
  }

  @Test
  void a_row_that_fails_costs_its_batch_mates_nothing() {
    FakeModel fake = new FakeModel(new FakeEngine.Options(4, 1024, 1000, 100_000));
    FailingModel failing = new FailingModel(fake, DecodeResult.REFUSED, 4);
    try (Engine engine = BatchingEngine.start(failing, EngineSettings.DEFAULT, probe)) {
      engine.submit(EngineRequest.of("good", LONG, Sampling.greedy(900)));
      engine.submit(EngineRequest.of("better", LONG, Sampling.greedy(900)));
      probe.awaitPieces("better", 3);
      engine.submit(EngineRequest.of("bad", List.of(ChatMessage.user("bad")), Sampling.greedy(9)));
      assertThat(probe.awaitEnd("bad").reason()).isEqualTo(EndReason.ENGINE);
      for (String mate : List.of("good", "better")) {
        assertThat(probe.awaitEnd(mate).reason().answered()).isTrue();
        assertThat(probe.text(mate)).isEqualTo(FakeEngine.expectedText(LONG, Sampling.greedy(900)));
      }
    }
  }

  /// A cache that cannot be moved is lost, and its request with it; what it leaves behind must not stand in the
  /// way of who comes into the slot.
  @Test
  void a_cache_that_cannot_be_moved_costs_its_own_request_only() {
    FakeModel fake = new FakeModel(new FakeEngine.Options(2, 1024, 100_000, 1_000_000));
    AtomicInteger moves = new AtomicInteger();
    ForwardingModel breaking =
        new ForwardingModel(fake) {
          @Override
          public SavedSequence save(int slot) {
            failEveryThird();
            return super.save(slot);
          }

          @Override
          public void move(int fromSlot, int toSlot) {
            failEveryThird();
            super.move(fromSlot, toSlot);
          }

          private void failEveryThird() {
            if (moves.incrementAndGet() % 3 == 0) {
              throw new IllegalStateException("the cache cannot be read");
            }
          }
        };
    EngineSettings settings = EngineSettings.DEFAULT.change().prefixCacheBytes(0).build();
    try (Engine engine = BatchingEngine.start(breaking, settings, probe)) {
      for (int i = 0; i < 20; i++) {
        engine.submit(EngineRequest.of("r" + i, wish(i), Sampling.greedy(900)));
      }
      int failed = 0;
      for (int i = 0; i < 20; i++) {
        Ended ended = probe.awaitEnd("r" + i);
        if (ended.reason() == EndReason.ENGINE) {
          assertThat(ended.detail()).contains("its cache could not be moved");
          failed++;
        } else {
          assertThat(probe.text("r" + i))
              .isEqualTo(FakeEngine.expectedText(wish(i), Sampling.greedy(900)));
        }
      }
      assertThat(failed).isPositive().isLessThanOrEqualTo(moves.get() / 3);
    }
  }

  @Test
  void a_snapshot_that_cannot_be_taken_costs_nobody_his_answer() {
    FakeModel fake = new FakeModel(new FakeEngine.Options(2, 1024, 100_000, 1_000_000));
    ForwardingModel breaking =
        new ForwardingModel(fake) {
          @Override
          public SavedSequence save(int slot) {
            throw new IllegalStateException("the cache cannot be read");
          }
        };
    EngineSettings settings = EngineSettings.DEFAULT.change().swapBytes(0).build();
    try (Engine engine = BatchingEngine.start(breaking, settings, probe)) {
      // One follows another's prompt, which is to be saved for him.
      List<ChatMessage> shared =
          List.of(ChatMessage.system("rule ".repeat(200)), ChatMessage.user("Give me 90 words"));
      for (int i = 0; i < 4; i++) {
        engine.submit(EngineRequest.of("r" + i, shared, Sampling.greedy(900)));
      }
      for (int i = 0; i < 4; i++) {
        assertThat(probe.awaitEnd("r" + i).reason()).isEqualTo(EndReason.STOP);
        assertThat(probe.text("r" + i))
            .isEqualTo(FakeEngine.expectedText(shared, Sampling.greedy(900)));
      }
    }
  }

  @Test
  void an_error_of_the_engine_itself_ends_everything_that_it_holds() {
    FakeModel fake = new FakeModel(new FakeEngine.Options(2, 1024, 100_000, 1_000_000));
    ForwardingModel dying =
        new ForwardingModel(fake) {
          @Override
          public DecodeResult decode(TokenBatch batch, boolean prefill) {
            throw new OutOfMemoryError("made up");
          }
        };
    try (Engine engine = BatchingEngine.start(dying, EngineSettings.DEFAULT, probe)) {
      for (int i = 0; i < 5; i++) {
        engine.submit(EngineRequest.of("r" + i, LONG, Sampling.greedy(9)));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(probe.awaitEnd("r" + i).reason()).isEqualTo(EndReason.ENGINE);
      }
    }
  }

  private static List<ChatMessage> wish(int number) {
    return List.of(ChatMessage.user("Give me " + (80 + 13 * number) + " words please"));
  }

  /// A recurrent model's cache holds its last state only: what a failed call has done to it stays.
  @Test
  void a_row_that_cannot_be_taken_back_costs_its_request_and_no_other() {
    FakeModel fake = new FakeModel(new FakeEngine.Options(4, 1024, 1000, 100_000));
    FailingModel failing =
        new FailingModel(fake, DecodeResult.FAILED, 4) {
          @Override
          public boolean forget(int slot, int position) {
            boolean part = position > 0 && position < fake.save(slot).bytes() / Integer.BYTES;
            return !part && super.forget(slot, position);
          }

          @Override
          public DecodeResult decode(TokenBatch batch, boolean prefill) {
            DecodeResult result = super.decode(batch, prefill);
            if (result == DecodeResult.FAILED) {
              // The device gave up after the first row.
              TokenBatch first = new TokenBatch(1);
              first.add(batch.slot(0), batch.position(0), batch.token(0), true);
              assertThat(fake.decode(first, false)).isEqualTo(DecodeResult.OK);
            }
            return result;
          }
        };
    try (Engine engine = BatchingEngine.start(failing, EngineSettings.DEFAULT, probe)) {
      engine.submit(EngineRequest.of("first", LONG, Sampling.greedy(900)));
      engine.submit(EngineRequest.of("second", LONG, Sampling.greedy(900)));
      probe.awaitPieces("second", 3);
      engine.submit(EngineRequest.of("bad", List.of(ChatMessage.user("bad")), Sampling.greedy(9)));
      assertThat(probe.awaitEnd("bad").reason()).isEqualTo(EndReason.ENGINE);
      assertThat(probe.awaitEnd("first").detail()).contains("cannot go back");
      assertThat(probe.awaitEnd("second").reason().answered()).isTrue();
      assertThat(probe.text("second"))
          .isEqualTo(FakeEngine.expectedText(LONG, Sampling.greedy(900)));
    }
  }

  /// Fails prompts of three tokens, or every call with a row at a position, which only a short prompt's
  /// answer reaches in company.
  private static class FailingModel extends ForwardingModel {
    private final DecodeResult result;
    private final int badPosition;

    /// @param badPosition 0 for the prompts
    FailingModel(TokenModel model, DecodeResult result, int badPosition) {
      super(model);
      this.result = result;
      this.badPosition = badPosition;
    }

    @Override
    public DecodeResult decode(TokenBatch batch, boolean prefill) {
      boolean bad = badPosition == 0 ? prefill && batch.size() == 3 : !prefill && hasBadRow(batch);
      return bad && result != DecodeResult.OK ? result : super.decode(batch, prefill);
    }

    private boolean hasBadRow(TokenBatch batch) {
      return IntStream.range(0, batch.size()).anyMatch(row -> batch.position(row) == badPosition);
    }
  }
}
