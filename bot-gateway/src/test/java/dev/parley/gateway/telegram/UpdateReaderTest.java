package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telegram.telegrambots.meta.api.objects.Update;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;

final class UpdateReaderTest {

  private static List<Update> read(String answer) throws TelegramApiRequestException {
    return new GetBotUpdates(0, 100, 0, List.of()).deserializeResponse(answer);
  }

  private static String update(int id, String more) {
    return """
    {"update_id":%d,"message":{"message_id":%d,"date":1,"chat":{"id":5,"type":"private"}%s}}
    """
        .formatted(id, id, more);
  }

  @Test
  void an_update_that_is_not_understood_keeps_no_others_from_coming()
      throws TelegramApiRequestException {
    List<Update> updates =
        read(
            "{\"ok\":true,\"result\":[%s,%s,%s]}"
                .formatted(
                    update(1, ""), update(2, ",\"checklist\":{}"), update(3, ",\"new\":{}")));

    assertThat(updates).extracting(Update::getUpdateId).containsExactly(1, 2, 3);
    assertThat(updates).extracting(Update::hasMessage).containsExactly(true, false, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "",
        "[]",
        "{\"ok\":true,\"result\":1}",
        "{\"ok\":true,\"result\":[{\"x\":1},2,null]}",
        "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict\"}"
      })
  void what_is_no_list_of_updates_is_an_error(String answer) {
    assertThatExceptionOfType(TelegramApiRequestException.class).isThrownBy(() -> read(answer));
  }
}
