package dev.parley.doubles.telegram;

import java.net.URI;
import java.util.List;

/// Where posts to the webhook really go: Telegram knows one address, behind which a balancer has several servers.
///
/// @param servers none: the address that the bot set
/// @param toEach whether each update goes to all of them at the same time, instead of to one after the other in turn
public record WebhookRoute(List<URI> servers, boolean toEach) {

  public WebhookRoute {
    servers = List.copyOf(servers);
  }

  /// To the address that the bot set.
  public static WebhookRoute direct() {
    return new WebhookRoute(List.of(), false);
  }

  /// In turn, as a balancer does.
  public static WebhookRoute balanced(URI... servers) {
    return new WebhookRoute(List.of(servers), false);
  }

  /// Every update reaches every server: as when a balancer sends again what was already taken.
  public static WebhookRoute toEach(URI... servers) {
    return new WebhookRoute(List.of(servers), true);
  }
}
