package dev.parley.shared.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.parley.shared.config.Config;
import dev.parley.shared.config.Settings;
import java.io.Console;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Sets up logging once, at the start of a process: lines for people on a terminal, one JSON object
/// a line otherwise, always to standard error (standard output belongs to the answer).
///
/// What is logged: one line an event, with [#TURN] and [#ATTEMPT] in the context. Message text is
/// never logged above trace. Parley's own loggers follow `PARLEY_LOG_LEVEL`; libraries speak from
/// warn on.
public final class Logging {
  /// The context key under which every line about a turn carries its id.
  public static final String TURN = "turnId";

  /// The context key for the attempt.
  public static final String ATTEMPT = "attempt";

  private static final String HUMAN =
      "%d{HH:mm:ss.SSS} %-5level %X{turnId:--} %logger{0}: %msg %kvp%n%ex{short}";

  private static final List<String> QUIET =
      List.of("org.apache.kafka.clients.NetworkClient", "redis.clients.jedis");

  private Logging() {}

  /// Applies the configured format and level to the whole process.
  public static void configure(Config config) {
    boolean json =
        switch (config.get(Settings.LOG_FORMAT)) {
          case "human" -> false;
          case "json" -> true;
          default -> !onTerminal();
        };
    configure(json, Level.toLevel(config.get(Settings.LOG_LEVEL), Level.INFO));
  }

  private static void configure(boolean json, Level level) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    apply(context, json, level);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  static void apply(LoggerContext context, boolean json, Level level) {
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(json ? json(context) : human(context));
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(console);
    root.setLevel(Level.WARN);
    context.getLogger("dev.parley").setLevel(level);
    // A server that is away is one line of ours; its client would add one for each attempt.
    QUIET.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
  }

  /// Marks all lines that this thread logs until the scope is closed as being about a turn.
  public static MDC.MDCCloseable aboutTurn(String turnId) {
    return MDC.putCloseable(TURN, turnId);
  }

  /// Whether a person reads along.
  public static boolean onTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private static Encoder<ILoggingEvent> human(LoggerContext context) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(HUMAN);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    var encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.start();
    return encoder;
  }
}
