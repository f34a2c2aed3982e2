package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Clients that go away: while they wait, in three places of their prompt, while they read, at the last token.
///
/// Four of each of five kinds and one survivor make a batch; ten batches are 200 cancels. Then 200 more.
/// Where a prompt is when its client goes is known only by the time that one takes alone.
final class Cancels implements Scenario {
  private static final int BATCHES = 10;
  private static final int OF_EACH_KIND = 4;
  private static final int PROMPT_TOKENS = 1_000;
  private static final int SHORT_PROMPT_TOKENS = 40;
  private static final int VICTIM_ANSWER_TOKENS = 64;
  private static final int SURVIVOR_ANSWER_TOKENS = 64;
  private static final int PIECES_READ = 4;
  private static final List<Double> OF_THE_PROMPT = List.of(0.1, 0.5, 0.9);

  /// Full long before the first 200 are gone: its filling would be taken for a leak.
  private static final int PREFIX_MIB = 64;

  private static final double PERCENT = 100;

  private static final Metric FREE =
      Metric.lower("mean time to first token right after 20 cancels", "s");
  private static final Metric IDLE = Metric.lower("time to first token on the idle server", "s");
  private static final Metric GROWTH = Metric.lower("memory added by 200 more", "%");
  private static final Metric UNCHANGED = Metric.higher("survivors with unchanged text", "share");
  private static final Metric BROKEN =
      Metric.lower("connections that broke before their client went", "count");

  @Override
  public String letter() {
    return "I";
  }

  @Override
  public String title() {
    return "200 clients go away, 20 at a time: held, in their prompt (1,000 tokens), reading, at"
        + " the last token; then 200 more";
  }

  @Override
  public Capacity capacity(Peer peer) {
    return Capacity.EIGHT_SLOTS.withPrefixMib(PREFIX_MIB);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(FREE, IDLE, GROWTH, UNCHANGED, BROKEN);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(
        Wanted.atMost(GROWTH, 2, Beside.NOBODY), Wanted.atLeast(UNCHANGED, 1, Beside.NOBODY));
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    CompletionClient client = server.client();
    Duration prompt = client.ask(prompts.ask(PROMPT_TOKENS, 1)).toFirst();
    Question survivor = prompts.ask(SHORT_PROMPT_TOKENS, SURVIVOR_ANSWER_TOKENS);
    Reply alone = OpenLoop.ask(client, Ask.now("alone", survivor));
    Reply idle = OpenLoop.ask(client, Ask.now("idle", question(prompts)));
    List<Batch> batches = new ArrayList<>();
    List<Reply> after = new ArrayList<>();
    long memory = 0;
    for (int batch = 0; batch < 2 * BATCHES; batch++) {
      if (batch == BATCHES) {
        memory = memoryKib(server.pid());
      }
      batches.add(goAway(client, survivor, prompt, prompts));
      after.add(OpenLoop.ask(client, Ask.now("after", question(prompts))));
    }
    double growth = PERCENT * (memoryKib(server.pid()) - memory) / memory;
    List<Reply> survivors = batches.stream().map(Batch::survivor).toList();
    List<Reply> all = Stream.of(survivors, after).flatMap(List::stream).toList();
    return new Run.Builder(all)
        .value(FREE, Timings.meanToFirst(after))
        .value(IDLE, Timings.meanToFirst(List.of(idle)))
        .value(GROWTH, growth)
        .value(UNCHANGED, unchanged(alone, survivors))
        .value(BROKEN, batches.stream().mapToInt(Batch::broken).sum())
        .build();
  }

  private static Question question(Prompts prompts) {
    return new Question(Prompts.SYSTEM, prompts.question(SHORT_PROMPT_TOKENS), 1, 0, 1);
  }

  /// What became of a batch.
  ///
  /// @param broken connections that the server closed before their client could
  private record Batch(Reply survivor, int broken) {}

  /// One batch, until all others are gone and the survivor has its answer.
  private static Batch goAway(
      CompletionClient client, Question survivor, Duration prompt, Prompts prompts)
      throws InterruptedException {
    List<Future<?>> going = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Reply> staying =
          threads.submit(() -> OpenLoop.ask(client, Ask.now("survivor", survivor)));
      for (int i = 0; i < OF_EACH_KIND; i++) {
        Question reading = prompts.ask(SHORT_PROMPT_TOKENS, VICTIM_ANSWER_TOKENS);
        Question ending = prompts.ask(SHORT_PROMPT_TOKENS, PIECES_READ);
        going.add(threads.submit(() -> breakOff(client, reading)));
        going.add(threads.submit(() -> breakOff(client, ending)));
        for (double share : OF_THE_PROMPT) {
          Duration time = prompt.multipliedBy((long) (share * PERCENT)).dividedBy((long) PERCENT);
          going.add(leave(threads, client, prompts.ask(PROMPT_TOKENS, 1), time));
        }
      }
      int broken = 0;
      for (Future<?> one : going) {
        broken += isBroken(one) ? 1 : 0;
      }
      return new Batch(reply(staying), broken);
    }
  }

  private static Void breakOff(CompletionClient client, Question question)
      throws InterruptedException {
    client.breakOff(question, PIECES_READ);
    return null;
  }

  /// Asks, and goes away after a time whatever has come.
  private static Future<?> leave(
      ExecutorService threads, CompletionClient client, Question question, Duration time) {
    Future<?> asking = threads.submit(() -> client.ask(question));
    return threads.submit(() -> {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
      return asking.cancel(true);
    });
  }

  /// Waits for it.
  private static boolean isBroken(Future<?> one) throws InterruptedException {
    try {
      var _ = one.get();
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException) {
        return true;
      }
      throw new IllegalStateException("the load itself failed", e);
    }
  }

  private static Reply reply(Future<Reply> staying) throws InterruptedException {
    try {
      return staying.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load itself failed", e);
    }
  }

  private static double unchanged(Reply alone, List<Reply> survivors) {
    String text = text(alone);
    double same = survivors.stream().filter(reply -> text(reply).equals(text)).count();
    return same / survivors.size();
  }

  private static String text(Reply reply) {
    return reply.completion().map(Completion::text).orElse("(failed)");
  }

  /// What the process occupies.
  private static long memoryKib(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("the memory of process " + pid + " cannot be read", e);
    }
  }
}
