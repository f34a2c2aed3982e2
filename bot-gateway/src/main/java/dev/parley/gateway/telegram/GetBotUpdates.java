package dev.parley.gateway.telegram;

import java.util.ArrayList;
import java.util.List;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;
import org.telegram.telegrambots.meta.api.objects.Update;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;

/// A poll that brings every update as a [BotUpdate], also if some of them are not understood.
final class GetBotUpdates extends GetUpdates {

  /// @param timeoutS how long Telegram holds it open, s
  /// @param kinds of updates that are wanted
  GetBotUpdates(int offset, int limit, int timeoutS, List<String> kinds) {
    super(offset, limit, timeoutS, kinds);
  }

  @SuppressWarnings("NonApiType") // the SDK's
  @Override
  public ArrayList<Update> deserializeResponse(String answer) throws TelegramApiRequestException {
    try {
      return deserializeResponseArray(answer, BotUpdate.class);
    } catch (TelegramApiRequestException e) {
      List<Update> updates = UpdateReader.readAll(answer);
      if (updates.isEmpty()) {
        throw e;
      }
      return new ArrayList<>(updates);
    }
  }
}
