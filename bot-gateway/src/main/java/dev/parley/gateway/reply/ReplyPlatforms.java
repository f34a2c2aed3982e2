package dev.parley.gateway.reply;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ReplyAddress;
import java.util.Optional;

/// The chat platforms of a gateway.
@FunctionalInterface
public interface ReplyPlatforms {

  /// The platform of one turn's reply; empty where readers fetch the answer themselves.
  Optional<? extends ReplyPlatform<?>> behind(ReplyAddress address, TurnRef turn);
}
