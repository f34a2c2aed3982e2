package dev.parley.gateway.chat;

import dev.parley.shared.wire.EndReason;

/// A finished turn in a conversation's history: what was asked, what was answered.
///
/// @param sentence what the user was told beside the answer, or empty
public record Exchange(
    String turnId, String userText, String answerText, EndReason end, String sentence) {}
