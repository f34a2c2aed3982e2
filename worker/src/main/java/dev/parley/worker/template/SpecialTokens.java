package dev.parley.worker.template;

/// What a template needs to know of the vocabulary.
///
/// @param bos text of the token that begins a prompt, empty when there is none
/// @param eos text of the token that ends an answer, empty when there is none
/// @param addsBos whether tokenizing puts `bos` in front; a prompt then leaves it out
/// @param addsEos whether tokenizing puts `eos` behind; a prompt then leaves it out
public record SpecialTokens(String bos, String eos, boolean addsBos, boolean addsEos) {}
