package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.model.Choice;
import dev.parley.worker.model.ModelInfo;
import dev.parley.worker.model.SamplerState;
import dev.parley.worker.model.TokenModel;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
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

  /// Fails prompts of three tokens, or every call with a row at a position, which only a short prompt's
  /// answer reaches in company.
  ///
  /// @param badPosition 0 for the prompts
  private record FailingModel(TokenModel model, DecodeResult result, int badPosition)
      implements TokenModel {
    @Override
    public ModelInfo info() {
      return model.info();
    }

    @Override
    public int[] prompt(List<ChatMessage> messages) {
      return model.prompt(messages);
    }

    @Override
    public byte[] bytes(int token) {
      return model.bytes(token);
    }

    @Override
    public boolean isEnd(int token) {
      return model.isEnd(token);
    }

    @Override
    public DecodeResult decode(TokenBatch batch, boolean prefill) {
      boolean bad = badPosition == 0 ? prefill && batch.size() == 3 : !prefill && hasBadRow(batch);
      return bad && result != DecodeResult.OK ? result : model.decode(batch, prefill);
    }

    private boolean hasBadRow(TokenBatch batch) {
      return IntStream.range(0, batch.size()).anyMatch(row -> batch.position(row) == badPosition);
    }

    @Override
    public void abortPrefill() {
      model.abortPrefill();
    }

    @Override
    public Choice choose(int row, SamplerState answer) {
      return model.choose(row, answer);
    }

    @Override
    public boolean forget(int slot, int position) {
      return model.forget(slot, position);
    }

    @Override
    public void move(int fromSlot, int toSlot) {
      model.move(fromSlot, toSlot);
    }

    @Override
    public SavedSequence save(int slot) {
      return model.save(slot);
    }

    @Override
    public SavedSequence load(ReadableByteChannel channel, long bytes) throws IOException {
      return model.load(channel, bytes);
    }

    @Override
    public void restore(SavedSequence saved, int slot) {
      model.restore(saved, slot);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
