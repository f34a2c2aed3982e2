package dev.parley.worker.model;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.worker.llama.ContextOptions;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.Llama;
import dev.parley.worker.llama.LlamaContext;
import dev.parley.worker.llama.LlamaException;
import dev.parley.worker.llama.LlamaModel;
import dev.parley.worker.llama.LlamaVocab;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.template.TemplateException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A GGUF model on libllama.
public final class LlamaTokenModel implements TokenModel {
  private static final Logger LOG = LoggerFactory.getLogger(LlamaTokenModel.class);
  private static final int ALL_LAYERS = -1;

  /// What most models without a template of their own were trained on.
  private static final String CHATML =
      """
      {%- for message in messages -%}
      {{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}
      {%- endfor -%}
      {%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}{%- endif -%}
      """;

  private final LlamaModel model;
  private final LlamaContext context;
  private final PromptRenderer renderer;
  private final PromptTokenizer tokenizer;
  private final ModelInfo info;
  private final TokenSampler sampler;
  private final float[] logits;

  private LlamaTokenModel(LlamaModel model, ContextOptions options) {
    this.model = model;
    String template = model.chatTemplate().orElse(CHATML);
    this.renderer = new TemplateRenderer(template, model.vocab(), InstantSource.system());
    this.context = model.newContext(options);
    this.info =
        new ModelInfo(
            name(model),
            Fingerprint.of(model.file(), template, TokenSampler.VERSION),
            context.stateFormat(),
            options.slots(),
            context.tokensPerSlot(),
            options.kvType().settingName(),
            model.kvBytesPerToken(options.kvType()),
            model.trimmable(),
            model.vocab().size());
    this.tokenizer = new PromptTokenizer(model.vocab(), info.fingerprint());
    this.logits = new float[model.vocab().size()];
    this.sampler = new TokenSampler(new TokenFacts(ends(model.vocab()), model.vocab()::bytes));
    sampler.prepare(model.vocab().size());
  }

  /// Loads the library, the model and a context of the size asked for.
  ///
  /// @throws LlamaException with one line that says what is wrong and what to do
  public static LlamaTokenModel open(Path libraries, Path file, ContextOptions options) {
    LlamaModel model = Llama.open(libraries).loadModel(file, ALL_LAYERS);
    try {
      if (options.tokensPerSlot() > model.trainedContext()) {
        LOG.warn(
            "a context of {} tokens is more than the {} that {} was trained for",
            options.tokensPerSlot(),
            model.trainedContext(),
            name(model));
      }
      return new LlamaTokenModel(model, options);
    } catch (TemplateException e) {
      model.close();
      throw new LlamaException(
          LlamaException.Problem.MODEL_DAMAGED,
          "the chat template of "
              + file
              + " cannot be used ("
              + e.getMessage()
              + "): name another model with --model",
          e);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static int[] ends(LlamaVocab vocab) {
    return IntStream.range(0, vocab.size()).filter(vocab::isEnd).toArray();
  }

  private static String name(LlamaModel model) {
    String file = String.valueOf(model.file().getFileName());
    return file.endsWith(".gguf") ? file.substring(0, file.length() - ".gguf".length()) : file;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public int[] prompt(List<ChatMessage> messages) {
    return tokenizer.tokenize(renderer.render(messages), messages);
  }

  @Override
  public byte[] bytes(int token) {
    return model.vocab().bytes(token);
  }

  @Override
  public boolean isEnd(int token) {
    return model.vocab().isEnd(token);
  }

  @Override
  public DecodeResult decode(TokenBatch batch, boolean prefill) {
    return prefill ? context.decodeAbortable(batch) : context.decode(batch);
  }

  @Override
  public void abortPrefill() {
    context.abortPrefill();
  }

  @Override
  public Choice choose(int row, SamplerState answer) {
    context.logits(row, logits);
    return sampler.choose(logits, answer);
  }

  @Override
  public boolean forget(int slot, int position) {
    return context.removeFrom(slot, position);
  }

  @Override
  public void move(int fromSlot, int toSlot) {
    context.move(fromSlot, toSlot);
  }

  @Override
  public SavedSequence save(int slot) {
    return context.save(slot);
  }

  @Override
  public SavedSequence load(ReadableByteChannel channel, long bytes) throws IOException {
    return SavedSequence.read(channel, bytes);
  }

  @Override
  public void restore(SavedSequence saved, int slot) {
    context.restore(saved, slot);
  }

  @Override
  public void close() {
    context.close();
    model.close();
  }
}
