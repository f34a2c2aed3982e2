package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the buttons that a bot puts under a message.
final class InlineKeyboard {
  private static final int MAX_DATA_BYTES = 64;
  private static final int MAX_BUTTONS = 100;

  private InlineKeyboard() {}

  /// The rows of `reply_markup`, without empty ones; keyboards of other kinds are taken and not shown.
  static List<List<Button>> read(Args args) {
    Optional<JsonNode> markup = args.json("reply_markup", "reply keyboard markup");
    if (markup.isEmpty()) {
      return List.of();
    }
    if (!markup.get().isObject()) {
      throw ApiException.badRequest("object expected as reply markup");
    }
    JsonNode rows = markup.get().path("inline_keyboard");
    if (rows.isMissingNode() || rows.isNull()) {
      return List.of();
    }
    List<List<Button>> read = new ArrayList<>();
    int count = 0;
    for (JsonNode row : rows) {
      List<Button> buttons = new ArrayList<>();
      for (JsonNode button : row) {
        buttons.add(button(button));
      }
      count += buttons.size();
      if (!buttons.isEmpty()) {
        read.add(List.copyOf(buttons));
      }
    }
    if (count > MAX_BUTTONS) {
      throw ApiException.badRequest("reply markup is too long");
    }
    return read;
  }

  private static Button button(JsonNode node) {
    if (!node.isObject()) {
      throw wrong("InlineKeyboardButton must be an Object");
    }
    if (!node.path("text").isTextual()) {
      throw wrong("can't find field \"text\"");
    }
    String text = node.path("text").asText();
    if (!FormattedText.visible(text)) {
      throw ApiException.badRequest("inline keyboard button text must be non-empty");
    }
    if (node.path("callback_data").isTextual()) {
      String data = node.path("callback_data").asText();
      int bytes = data.getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0 || bytes > MAX_DATA_BYTES) {
        throw ApiException.badRequest("BUTTON_DATA_INVALID");
      }
      return new Button(text, Optional.of(data), Optional.empty());
    }
    if (node.path("url").isTextual()) {
      return new Button(text, Optional.empty(), Optional.of(url(node.path("url").asText())));
    }
    throw wrong("text buttons are unallowed in the inline keyboard");
  }

  private static String url(String url) {
    try {
      String scheme = new URI(url).getScheme();
      if (scheme != null && List.of("http", "https", "tg", "ton").contains(scheme)) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Answered below, as for any other text that is no URL.
    }
    throw ApiException.badRequest(
        "inline keyboard button URL '" + url + "' is invalid: URL host is empty");
  }

  private static ApiException wrong(String reason) {
    return ApiException.badRequest("can't parse inline keyboard button: " + reason);
  }
}
