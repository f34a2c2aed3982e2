package dev.parley.gateway.chat;

import dev.parley.shared.runtime.Sha256;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.TurnRequest;
import java.util.Arrays;
import java.util.Base64;

/// A user's message on its way in, after its platform's form was checked.
///
/// @param conversation the unit of history and order, unique over all platforms and tenants
/// @param messageId the platform's own identity of the message, of any form: a retry has the same
public record InboundMessage(String conversation, String messageId, TurnRequest request) {
  /// Bytes of the hash that a turn id keeps: collisions within a conversation stay out of reach.
  private static final int ID_BYTES = 18;

  public InboundMessage {
    if (messageId.isBlank()) {
      throw new IllegalArgumentException("messageId must not be blank");
    }
    if (request.messages().isEmpty()) {
      throw new IllegalArgumentException("a message needs content");
    }
  }

  /// The turn that answers this message.
  public TurnRef ref() {
    return refOf(conversation, messageId);
  }

  /// The turn that answers a message, by the message's identity alone.
  ///
  /// @throws IllegalArgumentException when the conversation is not of the form [TurnRef] asks for
  public static TurnRef refOf(String conversation, String messageId) {
    byte[] hash = Sha256.of(messageId);
    String id =
        Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, ID_BYTES));
    return new TurnRef(conversation, id);
  }

  /// Names only, no words: safe to log.
  @Override
  public String toString() {
    return "InboundMessage[" + ref() + "]";
  }
}
