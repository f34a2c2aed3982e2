package dev.parley.worker.llama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What libllama prints, sent to the logger of this package: its information is our debug, its errors our
/// warnings. The first error is kept, because a call that fails only says that it did. An assertion of its own that
/// fails ends the process: what it says of it is the last line.
final class NativeLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.parley.worker.llama.native");
  private static final int LEVEL_INFO = 2;
  private static final int LEVEL_WARN = 3;
  private static final int LEVEL_ERROR = 4;
  private static final int LEVEL_CONTINUE = 5;

  private static final StringBuilder LINE = new StringBuilder();
  private static int level = LEVEL_INFO;
  private static String firstError = "";

  private NativeLog() {}

  /// Installs the callbacks, for the life of the process.
  static void install(LlamaNative library) {
    try {
      MethodHandle log = own("onLog", int.class, MemorySegment.class, MemorySegment.class);
      library.logSet.invokeExact(
          library.upcall(log, LlamaNative.LOG_CALLBACK, Arena.global()), MemorySegment.NULL);
      MethodHandle abort = own("onAbort", MemorySegment.class);
      MemorySegment _ =
          (MemorySegment)
              library.abortSet.invokeExact(
                  library.upcall(abort, LlamaNative.LAST_WORDS_CALLBACK, Arena.global()));
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private static MethodHandle own(String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    return MethodHandles.lookup()
        .findStatic(NativeLog.class, name, MethodType.methodType(void.class, parameters));
  }

  /// The first error line since the last call, or an empty text.
  static synchronized String takeFirstError() {
    String taken = firstError;
    firstError = "";
    return taken;
  }

  /// Called by native code on any thread. An exception that left it would end the process.
  // The compiler sees no caller: the method handle above is it.
  @SuppressWarnings({"unused", "EffectivelyPrivate"})
  private static void onLog(int newLevel, MemorySegment text, MemorySegment userData) {
    try {
      append(newLevel, LlamaNative.string(text));
    } catch (RuntimeException e) {
      LOG.debug("a line of libllama's log could not be read", e);
    }
  }

  /// Called by native code right before it ends the process.
  // The compiler sees no caller: the method handle above is it.
  @SuppressWarnings({"unused", "EffectivelyPrivate"})
  private static void onAbort(MemorySegment text) {
    try {
      LOG.error(
          "an assertion inside libllama failed, the process ends and another worker takes its"
              + " requests: {}",
          LlamaNative.string(text).strip());
    } catch (RuntimeException e) {
      LOG.error("an assertion inside libllama failed, the process ends", e);
    }
  }

  private static synchronized void append(int newLevel, String text) {
    if (newLevel != LEVEL_CONTINUE) {
      level = newLevel;
    }
    LINE.append(text);
    int end = LINE.indexOf("\n");
    while (end >= 0) {
      write(LINE.substring(0, end));
      LINE.delete(0, end + 1);
      end = LINE.indexOf("\n");
    }
  }

  private static void write(String line) {
    if (level == LEVEL_ERROR) {
      firstError = firstError.isEmpty() ? line : firstError;
      LOG.warn("{}", line);
    } else if (level == LEVEL_WARN) {
      LOG.info("{}", line);
    } else if (level == LEVEL_INFO) {
      LOG.debug("{}", line);
    } else {
      LOG.trace("{}", line);
    }
  }
}
