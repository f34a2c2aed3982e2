package dev.parley.worker.engine;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Sampling;
import java.util.List;

/// A conversation to be answered.
///
/// @param id unique among the requests held, an attempt's UUID for instance
/// @param user whose it is, for a fair share; empty for nobody in particular
/// @param cacheScope whose cached beginnings of prompts may serve it
/// @param resume where another worker's answer broke off, or [Resume#NONE]
/// @param alone whether it must not share a step with others, because it is suspected of ending the
///     process
public record EngineRequest(
    String id,
    String user,
    String cacheScope,
    List<ChatMessage> messages,
    Sampling sampling,
    Resume resume,
    boolean alone,
    Lane lane) {

  public EngineRequest {
    messages = List.copyOf(messages);
    if (id.isEmpty()) {
      throw new IllegalArgumentException("a request needs an id");
    }
  }

  /// A new interactive answer.
  public static EngineRequest of(String id, List<ChatMessage> messages, Sampling sampling) {
    return new EngineRequest(id, "", "", messages, sampling, Resume.NONE, false, Lane.INTERACTIVE);
  }

  /// What [Engine#submit] throws when the id is taken.
  public IllegalArgumentException heldAlready() {
    return new IllegalArgumentException("request " + id + " is held already");
  }

  /// The same, of this user.
  public EngineRequest ofUser(String name) {
    return new EngineRequest(id, name, cacheScope, messages, sampling, resume, alone, lane);
  }
}
