package dev.parley.doubles.telegram;

import java.util.List;

/// Runs the double alone, to try a bot by hand: with one person, a private chat and a group.
///
/// Options: `--port N` (8081), `--token TOKEN`.
public final class TelegramDoubleMain {
  private static final int PORT = 8081;

  private TelegramDoubleMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    TelegramOptions options = options(List.of(arguments));
    TelegramDouble telegram = TelegramDouble.start(options);
    Runtime.getRuntime().addShutdownHook(new Thread(telegram::close, "telegram-double-stop"));
    User ada = telegram.users().person("Ada");
    User grace = telegram.users().person("Grace");
    telegram.users().privateChat(ada);
    telegram.users().group("Team", ada, grace);
    System.out.println("TELEGRAM_API_URL=" + telegram.url());
    System.out.println("TELEGRAM_BOT_TOKEN=" + telegram.token());
    System.out.println("The chats: " + telegram.url() + "/");
    telegram.awaitClosed();
  }

  static TelegramOptions options(List<String> arguments) {
    TelegramOptions options = TelegramOptions.defaults().withPort(PORT);
    for (int i = 0; i < arguments.size(); i += 2) {
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(arguments.get(i) + " needs a value");
      }
      String value = arguments.get(i + 1);
      options =
          switch (arguments.get(i)) {
            case "--port" -> options.withPort(Integer.parseInt(value));
            case "--token" -> options.withToken(value);
            default ->
                throw new IllegalArgumentException(
                    "--port N and --token TOKEN are known, not " + arguments.get(i));
          };
    }
    return options;
  }
}
