package dev.parley.worker.model;

/// What a loaded model is and how much it holds.
///
/// @param name for people, as `/v1/models` lists it
/// @param fingerprint of model, template and sampler: token ids made under another one are not reused
/// @param cacheFormat what else must be the same for a cache that one engine saved to be put back by another
/// @param slots sequences that can run at once
/// @param contextTokens prompt and answer of one sequence together
/// @param kvType number format of the KV cache, `none` for a model without one
/// @param kvBytesPerToken memory that one cached token takes
/// @param trimmable whether the end of a cache can be forgotten and computed anew
/// @param vocabulary token ids are below it
public record ModelInfo(
    String name,
    String fingerprint,
    String cacheFormat,
    int slots,
    int contextTokens,
    String kvType,
    double kvBytesPerToken,
    boolean trimmable,
    int vocabulary) {

  public ModelInfo {
    if (slots < 1 || contextTokens < 2) {
      throw new IllegalArgumentException(
          "a model needs a slot and room for two tokens, not " + slots + " and " + contextTokens);
    }
  }
}
