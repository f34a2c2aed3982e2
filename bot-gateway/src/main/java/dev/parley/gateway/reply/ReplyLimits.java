package dev.parley.gateway.reply;

/// Times of a reply.
///
/// @param placeholderAfterMs an answer faster than this needs no placeholder
/// @param httpTimeoutMs after it a platform call that was under way has settled
/// @param retryMs between tries of a call whose outcome is unknown
public record ReplyLimits(long placeholderAfterMs, long httpTimeoutMs, long retryMs) {

  public static final ReplyLimits DEFAULT = new ReplyLimits(200, 10_000, 1_000);
}
