package dev.parley.gateway.telegram;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.methods.send.SendMessageDraft;
import org.telegram.telegrambots.meta.api.objects.MessageEntity;

/// A draft with Telegram's own Stop, of Bot API 10.3, which the SDK does not know. Older servers show it without.
final class StoppableDraft extends SendMessageDraft {

  StoppableDraft(
      long chat, @Nullable Integer thread, int draft, String text, List<MessageEntity> entities) {
    super(chat, thread, draft, text, null, entities);
  }

  @JsonProperty("can_stop")
  boolean canStop() {
    return true;
  }
}
