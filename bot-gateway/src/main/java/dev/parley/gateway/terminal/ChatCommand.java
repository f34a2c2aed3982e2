package dev.parley.gateway.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley chat [TEXT]`: one answer on standard output, or a conversation at a prompt.
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = "Talk to the model in the terminal.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:answered",
      "1:an apology or a refusal came instead",
      "2:wrong usage, or no gateway answers"
    })
public final class ChatCommand implements Callable<Integer> {
  private static final int ANSWERED = 0;
  private static final int NOT_ANSWERED = 1;
  private static final int NO_GATEWAY = 2;

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "The message; without it a prompt asks for messages.")
  private List<String> words = List.of();

  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:8080",
      description = "The gateway's address (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--key",
      defaultValue = "${env:PARLEY_API_KEY}",
      description = "An API key of the gateway (default: the variable PARLEY_API_KEY).")
  private @Nullable String key;

  @Option(
      names = "--temperature",
      description = "0 always picks the likeliest word, 2 is wild (default: the gateway's).")
  private @Nullable Double temperature;

  @Option(
      names = "--max-tokens",
      description = "Longest answer in tokens (default: the gateway's).")
  private @Nullable Integer maxTokens;

  @Option(names = "--seed", description = "Makes an answer repeatable.")
  private @Nullable Long seed;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
      err().println("--url must begin with http:// or https://, not " + url);
      return NO_GATEWAY;
    }
    Options options =
        new Options(
            Optional.ofNullable(temperature),
            Optional.ofNullable(maxTokens),
            Optional.ofNullable(seed));
    Optional<String> sentKey = Optional.ofNullable(key).filter(value -> !value.isBlank());
    try (ChatClient client = new ChatClient(url, sentKey, options)) {
      return words.isEmpty() ? prompt(client) : once(client, String.join(" ", words));
    }
  }

  private int once(ChatClient client, String text) throws InterruptedException {
    String id = ChatClient.randomId();
    // Ctrl-C ends the process; the answer nobody waits for ends with it.
    Thread stop = new Thread(() -> client.cancel(id), "stop-answer");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      return turn(client, id, text, out(), err());
    } finally {
      unhook(stop);
    }
  }

  private static void unhook(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook is at work.
      return;
    }
  }

  private static int turn(
      ChatClient client, String id, String text, PrintWriter out, PrintWriter err)
      throws InterruptedException {
    try {
      client.send(id, text);
      Ending ending = client.follow(id, new AnswerPrinter(out, err));
      if (!ending.sentence().isEmpty()) {
        err.println(ending.sentence());
        err.flush();
      }
      return ending.answered() ? ANSWERED : NOT_ANSWERED;
    } catch (ChatFailure e) {
      err.println(e.getMessage());
      err.flush();
      return e.refused() ? NOT_ANSWERED : NO_GATEWAY;
    }
  }

  private int prompt(ChatClient client) throws IOException, InterruptedException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
      PrintWriter out = terminal.writer();
      out.println("Ctrl-C stops an answer, Ctrl-D leaves.");
      while (true) {
        try {
          String line = reader.readLine("> ");
          if (!line.isBlank() && answer(client, terminal, line) == NO_GATEWAY) {
            return NO_GATEWAY;
          }
        } catch (UserInterruptException e) {
          // Ctrl-C at the prompt drops the line that was begun.
          out.println("Ctrl-D leaves.");
        } catch (EndOfFileException e) {
          return ANSWERED;
        }
      }
    }
  }

  private static int answer(ChatClient client, Terminal terminal, String text)
      throws InterruptedException {
    String id = ChatClient.randomId();
    Terminal.SignalHandler before =
        terminal.handle(
            Terminal.Signal.INT, signal -> Thread.startVirtualThread(() -> client.cancel(id)));
    try {
      return turn(client, id, text, terminal.writer(), terminal.writer());
    } finally {
      var _ = terminal.handle(Terminal.Signal.INT, before);
    }
  }

  private PrintWriter out() {
    return spec == null
        ? new PrintWriter(System.out, true, System.out.charset())
        : spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec == null
        ? new PrintWriter(System.err, true, System.err.charset())
        : spec.commandLine().getErr();
  }
}
