package dev.parley.gateway.telegram;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.objects.Update;
import org.telegram.telegrambots.meta.api.objects.chat.Chat;

/// An update with what the SDK does not know.
final class BotUpdate extends Update {
  private static final long serialVersionUID = 1L;

  @JsonProperty("stopped_message_generation")
  private @Nullable Stopped stopped;

  /// A user pressed Telegram's own Stop at a draft, of Bot API 10.3. Telegram has hidden the draft, and no more.
  ///
  /// @param messageThreadId null outside topics
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Stopped(
      @JsonProperty("chat") Chat chat,
      @JsonProperty("message_thread_id") @Nullable Integer messageThreadId,
      @JsonProperty("draft_id") int draftId)
      implements Serializable {

    /// The forum topic, 0 for none.
    int thread() {
      return messageThreadId == null ? 0 : messageThreadId;
    }
  }

  /// What of an update is a Stop.
  static Optional<Stopped> stopped(Update update) {
    return update instanceof BotUpdate known
        ? Optional.ofNullable(known.stopped)
        : Optional.empty();
  }
}
