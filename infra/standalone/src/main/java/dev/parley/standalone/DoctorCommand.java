package dev.parley.standalone;

import dev.parley.gateway.telegram.TelegramBot;
import dev.parley.shared.config.Config;
import dev.parley.shared.config.EngineUrl;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.config.Setting;
import dev.parley.shared.config.Settings;
import dev.parley.shared.fetch.Assets;
import dev.parley.shared.runtime.HttpServer;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley doctor`: checks what Parley needs, one line each, and says what to do. Fetches nothing.
@Command(
    name = "doctor",
    description = "Checks what Parley needs on this machine, and says what to do.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  @Option(names = "--settings", description = "Prints every setting with unit, range and default.")
  private boolean settings;

  private boolean healthy = true;

  @Override
  public Integer call() {
    if (settings) {
      Settings.all().forEach(DoctorCommand::print);
      return 0;
    }
    check("Java", () -> Runtime.version().toString());
    var config = Config.load();
    config.describeAll().forEach(line -> System.out.println("     " + line));
    EngineUrl.of(config)
        .ifPresentOrElse(
            server -> check("engine's server", () -> answers(server)),
            () -> check("files", () -> files(config)));
    check("Redis program", () -> redis(config));
    check("page's port", () -> port(config));
    check("configured Kafka", () -> listens("PARLEY_KAFKA", kafka(config)));
    check("configured Redis", () -> listens("PARLEY_REDIS", config.get(Settings.REDIS).getFirst()));
    config
        .find(Settings.TELEGRAM_TOKEN)
        .ifPresent(token ->
            check(
                "Telegram's bot",
                () -> TelegramBot.name(token, config.get(Settings.TELEGRAM_API))));
    return healthy ? 0 : 1;
  }

  // A check may fail in any way; each becomes a line.
  @SuppressWarnings("CatchingUnchecked")
  private void check(String what, Supplier<String> finding) {
    try {
      System.out.println("ok   " + what + ": " + finding.get());
    } catch (RuntimeException e) {
      healthy = false;
      System.out.println("BAD  " + what + ": " + e.getMessage());
    }
  }

  private static String files(Config config) {
    var assets = Assets.of(config);
    var missing = assets.missing(config.get(Settings.MODEL));
    if (!missing.isEmpty()) {
      return "`up` will fetch " + String.join("; ", missing);
    }
    return assets.libraries() + ", " + assets.model(config.get(Settings.MODEL));
  }

  private static String redis(Config config) {
    return EmbeddedRedis.findProgram(config.get(Settings.HOME).resolve("redis")).toString();
  }

  private static String port(Config config) {
    var bind = HttpBind.gateway(config);
    HttpServer.requireFree(bind);
    return bind.host() + ":" + bind.port() + " is free";
  }

  private static URI kafka(Config config) {
    return URI.create("kafka://" + config.get(Settings.KAFKA).split(",", 2)[0]);
  }

  private static String answers(URI server) {
    int port = server.getPort() < 0 ? defaultPort(server) : server.getPort();
    if (Ports.answers(server.getHost(), port)) {
      return server + " answers";
    }
    throw new StartException(
        "nobody answers on " + server + ": start the server, or set PARLEY_ENGINE to another");
  }

  private static int defaultPort(URI server) {
    return server.getScheme().equals("https") ? HTTPS_PORT : HTTP_PORT;
  }

  private static String listens(String setting, URI server) {
    if (Ports.answers(server.getHost(), server.getPort())) {
      return server.getHost() + ":" + server.getPort() + " answers";
    }
    throw new StartException(
        "nobody answers on "
            + server.getHost()
            + ":"
            + server.getPort()
            + "; `up` brings its own, `gateway` and `worker` need "
            + setting);
  }

  private static void print(Setting<?> setting) {
    System.out.printf(
        "%s (%s; %s; default %s)%n    %s%n",
        setting.name(),
        setting.unit(),
        setting.range(),
        setting.defaultText().orElse("none"),
        setting.doc());
  }
}
