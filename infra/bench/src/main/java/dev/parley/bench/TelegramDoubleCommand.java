package dev.parley.bench;

import dev.parley.doubles.telegram.TelegramDoubleMain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench telegram-double`: the strict double alone, with a page where one is the user.
@Command(
    name = "telegram-double",
    description = "Measures nothing: a stand-in for Telegram, to try the bot by hand.",
    mixinStandardHelpOptions = true)
final class TelegramDoubleCommand implements Callable<Integer> {
  @Option(names = "--port", paramLabel = "PORT", description = "Of its page (default 8081).")
  private int port = 8081;

  @Override
  public Integer call() throws InterruptedException {
    TelegramDoubleMain.main(new String[] {"--port", Integer.toString(port)});
    return 0;
  }
}
