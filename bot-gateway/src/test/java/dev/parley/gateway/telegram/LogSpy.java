package dev.parley.gateway.telegram;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Reads along with everything that anybody logs at any level, as long as it is open; but for what the double's HTTP
/// server logs, which knows the addresses that it is asked for. The console shows nothing of it.
final class LogSpy extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final java.util.logging.Logger JUL = LogManager.getLogManager().getLogger("");

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();
  private final java.util.logging.Level julBefore = JUL.getLevel();
  private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  LogSpy() {
    setContext(root.getLoggerContext());
    start();
    root.iteratorForAppenders().forEachRemaining(others::add);
    root.detachAndStopAllAppenders();
    root.addAppender(this);
    root.setLevel(Level.TRACE);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    JUL.setLevel(java.util.logging.Level.ALL);
  }

  /// One string for each event, with all of it: the logger, the thread, the message, and the exception with its
  /// causes.
  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLoggerName().startsWith("com.sun.net.httpserver")) {
      return;
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    lines.add(
        String.join(
            " ",
            event.getLevel().toString(),
            event.getLoggerName(),
            event.getThreadName(),
            event.getFormattedMessage(),
            String.valueOf(event.getKeyValuePairs()),
            event.getMDCPropertyMap().toString(),
            Optional.ofNullable(thrown).map(ThrowableProxyUtil::asString).orElse("")));
  }

  @Override
  public void close() {
    JUL.setLevel(julBefore);
    SLF4JBridgeHandler.uninstall();
    root.setLevel(before);
    root.detachAppender(this);
    for (Appender<ILoggingEvent> other : others) {
      other.start();
      root.addAppender(other);
    }
    stop();
  }
}
