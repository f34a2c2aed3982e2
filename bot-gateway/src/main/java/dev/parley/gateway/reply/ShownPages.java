package dev.parley.gateway.reply;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the messages of a reply are known to show, by their place, and what is previewed below them. Not
/// thread-safe.
final class ShownPages<P> {
  private final Map<Integer, P> known = new HashMap<>();
  private @Nullable P preview;
  private long previewUntilMs;

  /// A new message takes the place of the preview.
  void sent(int part, P page) {
    known.put(part, page);
    preview = null;
  }

  void edited(int part, P page) {
    known.put(part, page);
  }

  void deleted(int part) {
    known.remove(part);
  }

  /// Nothing is known any more.
  void clear() {
    known.clear();
    preview = null;
  }

  /// @param untilMs when it has to be shown again
  void previewed(P page, long untilMs) {
    preview = page;
    previewUntilMs = untilMs;
  }

  /// Nothing more is to be previewed.
  void noPreview() {
    preview = null;
  }

  /// Whether the reader sees that page as a preview, and will for a while.
  boolean previews(P page, long nowMs) {
    return page.equals(preview) && nowMs < previewUntilMs;
  }

  /// Whether there is a preview that has to be shown again.
  boolean previewIsOld(long nowMs) {
    return preview != null && nowMs >= previewUntilMs;
  }

  /// The first message that is known, or may be, to show something else than its page.
  Optional<Integer> stale(List<P> pages, ReplyParts parts) {
    for (int part = 0; part < Math.min(parts.count(), pages.size()); part++) {
      boolean reachable = !parts.id(part).equals(ReplyParts.NOBODY_KNOWS);
      if (reachable && !pages.get(part).equals(known.get(part))) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }
}
