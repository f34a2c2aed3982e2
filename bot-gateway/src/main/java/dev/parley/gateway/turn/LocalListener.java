package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnListener;

/// Every listener that this gateway's shell gives to [TurnOwner]: it knows what to do when its turn
/// goes to another gateway. Called on the loop's thread.
sealed interface LocalListener extends TurnListener permits Follower, TurnProbe {

  /// The turn's events come from another gateway now.
  void handedOver();
}
