package dev.parley.shared.wire;

import java.util.List;

/// One message of a chat as the model sees it.
///
/// @param role one of `system`, `user`, `assistant`
/// @param content the text; opaque to the chat template's special tokens
/// @param tokenIds the ids an earlier answer was generated with, empty when unknown
/// @param fingerprint of the model and template that made `tokenIds`; they are used only while it
///     is still the same, otherwise `content` is tokenized again
public record ChatMessage(String role, String content, List<Integer> tokenIds, String fingerprint) {

  public ChatMessage {
    tokenIds = List.copyOf(tokenIds);
  }

  public static ChatMessage of(String role, String content) {
    return new ChatMessage(role, content, List.of(), "");
  }

  public static ChatMessage system(String content) {
    return of("system", content);
  }

  public static ChatMessage user(String content) {
    return of("user", content);
  }

  public static ChatMessage assistant(String content) {
    return of("assistant", content);
  }
}
