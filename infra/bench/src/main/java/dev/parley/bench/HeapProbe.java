package dev.parley.bench;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.standalone.Node;
import dev.parley.standalone.PageClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// What a real gateway process holds in its heap, after a full collection, with many turns open that
/// have some text each. Messages come by the page's API; the bench is their worker.
final class HeapProbe {
  /// Deltas of one token that each open turn has.
  static final int DELTAS = 200;

  /// Full collections that are looked at.
  private static final int LOOKS = 3;

  /// Messages on their way at once.
  private static final int SENDERS = 16;

  private static final int MOST_TURNS = 1_000_000;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final long FAR_MS = 600_000;

  /// @param idleBytes before the first message
  /// @param fullBytes with all turns open, one value a collection
  record Heap(double idleBytes, List<Double> fullBytes) {}

  private HeapProbe() {}

  static Heap measure(int turns) throws InterruptedException {
    try (Rig rig = Rig.start(Map.of("PARLEY_OPEN_TURNS", Integer.toString(MOST_TURNS)))) {
      Node gateway = rig.addGateway();
      rig.awaitReady();
      double idle = liveBytes(gateway);
      List<Prompt> prompts = send(gateway, turns);
      try (RelayWorker worker = new RelayWorker(rig.redis())) {
        worker.claim(prompts);
        worker.fill(DELTAS);
        // Whatever the subscription missed is read again within a second or two.
        awaitOpen(gateway, turns);
        List<Double> full = new ArrayList<>();
        for (int i = 0; i < LOOKS; i++) {
          full.add(liveBytes(gateway));
        }
        return new Heap(idle, full);
      }
    }
  }

  private static List<Prompt> send(Node gateway, int turns) throws InterruptedException {
    PageClient page = new PageClient(gateway.url());
    Semaphore room = new Semaphore(SENDERS);
    List<Future<Prompt>> sending = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < turns; i++) {
        room.acquire();
        sending.add(
            threads.submit(() -> {
              try {
                return prompt(send(page));
              } finally {
                room.release();
              }
            }));
      }
    }
    List<Prompt> prompts = new ArrayList<>();
    for (Future<Prompt> sent : sending) {
      try {
        prompts.add(sent.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a message was not taken", e);
      }
    }
    return prompts;
  }

  private static TurnRef send(PageClient page) {
    PageClient.Message message = PageClient.Message.of("Tell me a story.");
    page.submit(message, Map.of("max_tokens", 1)).mustBeAccepted();
    return message.ref();
  }

  /// What a claim must know of a turn that Redis has.
  private static Prompt prompt(TurnRef ref) {
    long now = System.currentTimeMillis();
    TurnRequest request =
        new TurnRequest(
            "local",
            ref.conversation(),
            Lane.INTERACTIVE,
            new ReplyAddress(ReplyAddress.WEB, ""),
            List.of(ChatMessage.user("Tell me a story.")),
            true,
            Sampling.greedy(1));
    return new Prompt(
        Prompt.SCHEMA,
        ref,
        request,
        request.messages(),
        "",
        now,
        now + FAR_MS,
        now + 2 * FAR_MS,
        "",
        "",
        "",
        Map.of());
  }

  private static void awaitOpen(Node gateway, int turns) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (gateway.metric("parley_turns_open", "") < turns) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not all turns are open");
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  /// Collects all garbage of a process and reads what is left.
  private static double liveBytes(Node node) throws InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(node.child().pid()), "GC.run")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("jcmd GC.run failed: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return node.metric("jvm_memory_used_bytes", "area=\"heap\"");
  }
}
