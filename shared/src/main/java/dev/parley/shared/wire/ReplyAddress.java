package dev.parley.shared.wire;

/// Where an answer becomes visible.
///
/// @param platform `web`, `http`, `telegram`, `slack`
/// @param chat the platform's own name of the place, empty where the conversation says it all
public record ReplyAddress(String platform, String chat) {

  /// An OpenAI client on an open connection: nobody else can answer it, so a turn whose gateway
  /// died is cancelled, not adopted.
  public static final String HTTP = "http";

  /// The chat page: it reads the turn from any gateway.
  public static final String WEB = "web";

  /// Whether an OpenAI client waits for it.
  public boolean isApi() {
    return platform.equals(HTTP);
  }

  /// Whether another gateway can finish the reply after its owner died.
  public boolean adoptable() {
    return !isApi();
  }
}
