package dev.parley.standalone;

import dev.parley.shared.config.ConfigException;
import dev.parley.shared.fetch.FetchException;
import dev.parley.shared.runtime.Verb;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line: `./parley VERB`.
///
/// Exit codes: 0 done, 1 it failed while running, 2 it was asked in a way that cannot work (usage,
/// configuration, something missing) and the line says what to do. Stopped by a signal: 130 or 143.
@Command(
    name = "parley",
    description = "Team chat to language models on the team's own machines.",
    mixinStandardHelpOptions = true,
    version = "Parley 0.1.0",
    subcommands = {UpCommand.class, ModelsCommand.class, DoctorCommand.class})
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private Main() {}

  /// A server closes a connection that was idle for some seconds, maybe just when the next request goes out on
  /// it. By default the JDK's client sends only a GET once more; every POST of ours may be sent twice: nothing
  /// of its answer was seen, and a message has an id.
  private static void sendAgainOnStaleConnections() {
    System.setProperty("jdk.httpclient.enableAllMethodRetry", "true");
  }

  public static void main(String[] arguments) {
    sendAgainOnStaleConnections();
    System.exit(run(arguments));
  }

  /// Runs one verb and returns the exit code.
  static int run(String... arguments) {
    var line = new CommandLine(new Main());
    for (var verb : ServiceLoader.load(Verb.class)) {
      line.addSubcommand(verb.command());
    }
    line.setExecutionExceptionHandler((problem, command, result) -> explain(problem, command));
    return line.execute(arguments);
  }

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(System.out);
    }
  }

  private static int explain(Exception problem, CommandLine command) {
    var err = command.getErr();
    return switch (problem) {
      case ConfigException refused -> {
        err.println("parley: " + refused.getMessage());
        yield REFUSED;
      }
      case FetchException missing -> {
        err.println("parley: " + missing.getMessage());
        yield REFUSED;
      }
      case StartException failed -> {
        err.println("parley: " + failed.getMessage());
        yield FAILED;
      }
      default -> {
        problem.printStackTrace(err);
        yield FAILED;
      }
    };
  }
}
