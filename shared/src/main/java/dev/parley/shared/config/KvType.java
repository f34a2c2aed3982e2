package dev.parley.shared.config;

/// The number format of the KV cache: `q8_0` halves `f16`'s memory and is near-free on a GPU,
/// `q4_0` is for the longest contexts.
public enum KvType {
  F16,
  Q8_0,
  Q4_0
}
