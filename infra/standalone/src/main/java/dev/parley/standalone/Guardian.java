package dev.parley.standalone;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A small shell that outlives us for a moment: it reads our children's pids from a pipe, and when
/// the pipe ends because we were killed, it asks the last ones to stop. So no server stays behind
/// on a developer's machine.
final class Guardian implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Guardian.class);
  private static final String SCRIPT =
      "pids=; while read -r line; do pids=$line; done; [ -z \"$pids\" ] || kill $pids 2>/dev/null";

  private final Process shell;
  private final Writer pids;

  private Guardian(Process shell) {
    this.shell = shell;
    this.pids = new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.UTF_8);
  }

  static Guardian start() throws IOException {
    var line = new ArrayList<>(List.of("sh", "-c", SCRIPT));
    if (Programs.onPath("setsid").isPresent()) {
      line.addFirst("setsid");
    }
    return new Guardian(
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /// Says who runs now.
  synchronized void watch(List<ChildProcess> children) {
    tell(children.stream().map(child -> "" + child.pid()).collect(Collectors.joining(" ")));
  }

  /// Everything has stopped in order: there is nothing to do.
  @Override
  public synchronized void close() throws IOException {
    tell("");
    pids.close();
    shell.destroy();
  }

  /// Ends the pipe without a word, as our death would.
  void abandon() throws IOException {
    pids.close();
  }

  private void tell(String line) {
    try {
      pids.write(line + "\n");
      pids.flush();
    } catch (IOException e) {
      LOG.warn("the guardian is gone: children may outlive a killed `up`", e);
    }
  }
}
