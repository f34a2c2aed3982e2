package dev.parley.shared.wire;

import java.util.List;

/// What was asked: the part of a turn that never changes after admission. Stored in the turn record
/// and carried by the prompt, so that either can rebuild the other.
///
/// @param tenant scope of limits and caches (an API key, a workspace)
/// @param user within the tenant
/// @param messages the user's new message(s), without the conversation's history
/// @param useHistory whether earlier exchanges of the conversation precede `messages`
/// @param offTheRecord whether the exchange stays out of the conversation's history
public record TurnRequest(
    String tenant,
    String user,
    Lane lane,
    ReplyAddress reply,
    List<ChatMessage> messages,
    boolean useHistory,
    boolean offTheRecord,
    Sampling sampling) {

  public TurnRequest {
    messages = List.copyOf(messages);
  }

  /// One that is remembered, if its conversation has a history.
  public TurnRequest(
      String tenant,
      String user,
      Lane lane,
      ReplyAddress reply,
      List<ChatMessage> messages,
      boolean useHistory,
      Sampling sampling) {
    this(tenant, user, lane, reply, messages, useHistory, false, sampling);
  }
}
