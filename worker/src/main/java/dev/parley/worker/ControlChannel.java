package dev.parley.worker;

import dev.parley.shared.turn.ChannelListener;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.worker.intake.Intake;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what to stop. What is missed while it is not subscribed is learnt at the turn's next append.
final class ControlChannel implements ChannelListener {
  private static final Logger LOG = LoggerFactory.getLogger(ControlChannel.class);

  private final Intake intake;

  ControlChannel(Intake intake) {
    this.intake = intake;
  }

  @Override
  public void onSubscribed() {
    LOG.debug("subscribed");
  }

  @Override
  public void onMessage(ChannelMessage message) {
    intake.onMessage(message);
  }

  @Override
  public void onLost(String reason) {
    LOG.debug("subscription lost: {}", reason);
  }
}
