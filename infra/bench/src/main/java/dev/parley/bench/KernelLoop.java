package dev.parley.bench;

import dev.parley.shared.config.Config;
import dev.parley.shared.fetch.Assets;
import dev.parley.worker.llama.ContextOptions;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.Llama;
import dev.parley.worker.llama.LlamaContext;
import dev.parley.worker.llama.LlamaModel;
import dev.parley.worker.llama.TokenBatch;
import java.util.Random;

/// What the library's calls alone can do: prompts and answers of the same lengths as those that the
/// engine is asked for, in a bare loop, without choosing tokens, text or HTTP. No engine over these
/// kernels is faster.
final class KernelLoop implements AutoCloseable {
  private static final int ALL_LAYERS = -1;
  private static final long SEED = 1;

  /// Tokens per second.
  ///
  /// @param whole prompts included
  /// @param decode while all write
  record Speeds(double whole, double decode) {}

  private final LlamaModel model;
  private final LlamaContext context;
  private final TokenBatch batch;
  private final Random random = new Random(SEED);
  private final float[] logits;
  private final int promptTokens;
  private final int answerTokens;

  /// @param slots most sequences at once
  /// @param promptTokens of each sequence
  /// @param answerTokens of each sequence
  KernelLoop(String name, int slots, int promptTokens, int answerTokens) {
    Assets assets = Assets.of(Config.load());
    this.promptTokens = promptTokens;
    this.answerTokens = answerTokens;
    this.model = Llama.open(assets.libraries()).loadModel(assets.model(name), ALL_LAYERS);
    this.context =
        model.newContext(
            new ContextOptions(
                slots,
                promptTokens + answerTokens,
                Math.max(slots, promptTokens),
                Runtime.getRuntime().availableProcessors(),
                KvType.F16));
    this.batch = new TokenBatch(Math.max(slots, promptTokens));
    this.logits = new float[model.vocab().size()];
  }

  /// Computes so many sequences at once, one call for each prompt, then one for each next token of all.
  Speeds run(int sequences) {
    long begin = System.nanoTime();
    for (int slot = 0; slot < sequences; slot++) {
      batch.clear();
      for (int position = 0; position < promptTokens; position++) {
        batch.add(slot, position, token(), position == promptTokens - 1);
      }
      decode();
      context.logits(promptTokens - 1, logits);
    }
    long allWrite = System.nanoTime();
    for (int position = promptTokens; position < promptTokens + answerTokens - 1; position++) {
      batch.clear();
      for (int slot = 0; slot < sequences; slot++) {
        batch.add(slot, position, token(), true);
      }
      decode();
      for (int row = 0; row < sequences; row++) {
        context.logits(row, logits);
      }
    }
    long end = System.nanoTime();
    for (int slot = 0; slot < sequences; slot++) {
      context.removeFrom(slot, 0);
    }
    return new Speeds(
        perSecond(sequences * answerTokens, end - begin),
        perSecond(sequences * (answerTokens - 1), end - allWrite));
  }

  private int token() {
    return random.nextInt(logits.length);
  }

  private void decode() {
    DecodeResult result = context.decode(batch);
    if (result != DecodeResult.OK) {
      throw new IllegalStateException("a decode call ended with " + result);
    }
  }

  private static double perSecond(int tokens, long nanos) {
    return tokens * 1e9 / nanos;
  }

  @Override
  public void close() {
    context.close();
    model.close();
  }
}
