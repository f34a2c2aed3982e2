package dev.parley.worker.engine;

import dev.parley.shared.wire.ChatMessage;
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

/// A model that does what another one does, but for what a test overrides.
class ForwardingModel implements TokenModel {
  private final TokenModel model;

  ForwardingModel(TokenModel model) {
    this.model = model;
  }

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
    return model.decode(batch, prefill);
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
