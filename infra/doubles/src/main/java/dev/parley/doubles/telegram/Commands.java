package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The commands that clients offer after a `/`: one list for each scope and language. Not thread-safe.
final class Commands {
  private static final int MAX_COMMANDS = 100;
  private static final int MAX_NAME = 32;
  private static final int MAX_DESCRIPTION = 256;
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]+");
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");
  private static final Set<String> WIDE_SCOPES =
      Set.of("default", "all_private_chats", "all_group_chats", "all_chat_administrators");
  private static final Set<String> CHAT_SCOPES = Set.of("chat", "chat_administrators");

  /// Whom a list is for.
  private record Place(String scope, String language) {}

  private final Map<Place, List<BotCommand>> lists = new HashMap<>();
  private final ChatAccess access;

  Commands(ChatAccess access) {
    this.access = access;
  }

  Answer set(Args args) {
    Place place = place(args);
    List<BotCommand> commands = new ArrayList<>();
    JsonNode given = args.json("commands", "commands").orElse(ApiJson.NODES.arrayNode());
    if (!given.isArray()) {
      throw ApiException.badRequest("expected an Array of BotCommand");
    }
    for (JsonNode node : given) {
      commands.add(command(node));
    }
    if (commands.size() > MAX_COMMANDS) {
      throw ApiException.badRequest("BOT_COMMANDS_TOO_MUCH");
    }
    if (commands.isEmpty()) {
      lists.remove(place);
    } else {
      lists.put(place, List.copyOf(commands));
    }
    return Answer.yes();
  }

  Answer get(Args args) {
    ArrayNode array = ApiJson.NODES.arrayNode();
    for (BotCommand command : lists.getOrDefault(place(args), List.of())) {
      array.addObject().put("command", command.name()).put("description", command.description());
    }
    return Answer.done(array);
  }

  Answer delete(Args args) {
    lists.remove(place(args));
    return Answer.yes();
  }

  /// What a bot set for a scope such as `all_private_chats` and a language, which may be empty.
  List<BotCommand> list(String scope, String language) {
    return lists.getOrDefault(new Place(scope, language), List.of());
  }

  private Place place(Args args) {
    String language = args.text("language_code");
    if (!language.isEmpty() && !LANGUAGE.matcher(language).matches()) {
      throw ApiException.badRequest("invalid language code specified");
    }
    Optional<JsonNode> given = args.json("scope", "BotCommandScope");
    if (given.isEmpty()) {
      return new Place("default", language);
    }
    Args scope = Args.of(given.get());
    String type = scope.text("type");
    if (WIDE_SCOPES.contains(type)) {
      return new Place(type, language);
    }
    if (!CHAT_SCOPES.contains(type) && !type.equals("chat_member")) {
      throw ApiException.badRequest("can't parse BotCommandScope: unsupported type specified");
    }
    long chat = access.known(scope).chat().id();
    long user = scope.number("user_id", 0);
    if (type.equals("chat_member") && user <= 0) {
      throw ApiException.badRequest("can't parse BotCommandScope: invalid user_id specified");
    }
    return new Place(type + ":" + chat + (user > 0 ? ":" + user : ""), language);
  }

  private static BotCommand command(JsonNode node) {
    if (!node.path("command").isTextual() || !node.path("description").isTextual()) {
      throw ApiException.badRequest("can't parse BotCommand: can't find field");
    }
    String name = node.path("command").asText().strip().replaceFirst("^/", "");
    String description = node.path("description").asText().strip();
    if (name.isEmpty()) {
      throw ApiException.badRequest("command must be non-empty");
    }
    if (name.length() > MAX_NAME) {
      throw ApiException.badRequest("command length must not exceed " + MAX_NAME);
    }
    if (!NAME.matcher(name).matches()) {
      throw ApiException.badRequest("BOT_COMMAND_INVALID");
    }
    if (description.isEmpty()) {
      throw ApiException.badRequest("command description must be non-empty");
    }
    if (description.codePointCount(0, description.length()) > MAX_DESCRIPTION) {
      throw ApiException.badRequest(
          "command description length must not exceed " + MAX_DESCRIPTION);
    }
    return new BotCommand(name, description);
  }
}
