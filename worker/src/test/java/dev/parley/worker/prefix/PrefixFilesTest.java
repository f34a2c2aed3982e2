package dev.parley.worker.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefixFilesTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration UNUSED = Duration.ofHours(10);
  private static final long ROOMY = 1 << 20;
  private static final int[] TOKENS = tokens(100, 1);

  @TempDir private Path home;
  private final List<PrefixFiles> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(PrefixFiles::close);
  }

  private Path root() {
    return home.resolve("data").resolve("prefixes");
  }

  private PrefixFiles worker(String key, long mostBytes, long queueBytes, boolean trimmable) {
    PrefixFiles.Options options = new PrefixFiles.Options(root(), mostBytes, UNUSED);
    PrefixFiles files = new PrefixFiles(options, key, trimmable, SavedBytes::load, queueBytes);
    open.add(files);
    return files;
  }

  private PrefixFiles worker() {
    return worker("key", ROOMY, ROOMY, true);
  }

  private static int[] tokens(int count, int first) {
    return IntStream.range(first, first + count).toArray();
  }

  /// Writes a file and waits for it.
  private static void write(PrefixFiles worker, String scope, int[] tokens, int bytes) {
    long before = worker.totals().written();
    worker.write(scope, tokens, SavedBytes.of(bytes, 7));
    await().atMost(LONG).until(() -> worker.totals().written() > before);
  }

  /// Looks up without any rule but the tokens in common.
  private static Lookup find(PrefixFiles worker, String scope, int beyond, int[] prompt)
      throws Exception {
    CompletableFuture<Lookup> lookup = new CompletableFuture<>();
    worker.find(
        scope,
        beyond,
        cached -> {
          int differs = Arrays.mismatch(cached, prompt);
          return differs < 0 ? cached.length : differs;
        },
        lookup::complete);
    return lookup.get(1, TimeUnit.MINUTES);
  }

  private static void assertFound(Lookup lookup, int[] tokens) {
    assertThat(lookup)
        .isInstanceOfSatisfying(
            Lookup.Found.class, found -> assertThat(found.tokens()).isEqualTo(tokens));
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(root())) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void what_one_worker_has_written_another_reads() throws Exception {
    PrefixFiles other = worker();
    assertThat(find(other, "me", 0, TOKENS)).isEqualTo(new Lookup.Nothing());
    write(worker(), "me", TOKENS, 5000);

    Lookup lookup = find(other, "me", 0, TOKENS);

    assertFound(lookup, TOKENS);
    SavedBytes saved = (SavedBytes) ((Lookup.Found) lookup).saved();
    assertThat(saved.content()).isEqualTo(SavedBytes.of(5000, 7).content());
    assertThat(other.totals().read()).isOne();
  }

  @Test
  void the_file_that_spares_most_is_read_if_it_spares_more_than_memory_does() throws Exception {
    PrefixFiles worker = worker();
    int[] otherwise = TOKENS.clone();
    otherwise[60] = 0;
    write(worker, "me", otherwise, 10);
    write(worker, "me", TOKENS, 10);

    assertFound(find(worker, "me", 0, TOKENS), TOKENS);
    assertFound(find(worker, "me", 99, TOKENS), TOKENS);
    assertThat(find(worker, "me", 100, TOKENS)).isEqualTo(new Lookup.Nothing());
    assertFound(find(worker, "me", 59, Arrays.copyOf(otherwise, 61)), otherwise);
  }

  @Test
  void nothing_is_found_under_another_scope_or_for_another_engine() throws Exception {
    write(worker(), "me", TOKENS, 10);
    assertThat(find(worker(), "you", 0, TOKENS)).isEqualTo(new Lookup.Nothing());
    PrefixFiles otherModel = worker("other key", ROOMY, ROOMY, true);
    assertThat(find(otherModel, "me", 0, TOKENS)).isEqualTo(new Lookup.Nothing());
  }

  @Test
  void a_longer_one_takes_the_place_of_those_it_continues_and_a_shorter_one_is_not_written()
      throws Exception {
    PrefixFiles worker = worker();
    write(worker, "me", Arrays.copyOf(TOKENS, 64), 10);
    write(worker(), "me", TOKENS, 10);
    worker.write("me", Arrays.copyOf(TOKENS, 70), SavedBytes.of(10, 1));
    write(worker, "you", TOKENS, 10);

    assertThat(files()).hasSize(2);
    assertFound(find(worker, "me", 0, Arrays.copyOf(TOKENS, 64)), TOKENS);
  }

  @Test
  void a_model_that_cannot_forget_an_end_keeps_both() {
    PrefixFiles worker = worker("key", ROOMY, ROOMY, false);
    write(worker, "me", TOKENS, 10);
    write(worker, "me", Arrays.copyOf(TOKENS, 64), 10);
    assertThat(files()).hasSize(2);
  }

  @Test
  void a_file_that_is_damaged_anywhere_or_cut_short_is_deleted_and_never_found() throws Exception {
    PrefixFiles writer = worker();
    write(writer, "me", TOKENS, 50);
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 13) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertUnreadable(file, damaged);
      assertUnreadable(file, Arrays.copyOf(whole, at));
    }
    assertUnreadable(file, Arrays.copyOf(whole, whole.length + 1));
    Files.write(file, whole);
    assertFound(find(worker(), "me", 0, TOKENS), TOKENS);
  }

  private void assertUnreadable(Path file, byte[] content) throws Exception {
    Files.write(file, content);
    PrefixFiles worker = worker();
    assertThat(find(worker, "me", 0, TOKENS)).isNotInstanceOf(Lookup.Found.class);
    assertThat(worker.totals().unreadable()).isOne();
    assertThat(file).doesNotExist();
    worker.close();
  }

  @Test
  void a_file_that_becomes_damaged_after_its_header_was_read_is_told_of() throws Exception {
    PrefixFiles worker = worker();
    write(worker, "me", TOKENS, 50);
    assertThat(find(worker, "me", 100, TOKENS)).isEqualTo(new Lookup.Nothing());
    Path file = files().getFirst();
    byte[] content = Files.readAllBytes(file);
    content[content.length - 10] ^= 1;
    Files.write(file, content);

    assertThat(find(worker, "me", 0, TOKENS)).isEqualTo(new Lookup.Unreadable());
    assertThat(find(worker, "me", 0, TOKENS)).isEqualTo(new Lookup.Nothing());
  }

  @Test
  void a_file_under_anothers_name_or_of_another_key_is_left_aside() throws Exception {
    write(worker(), "me", TOKENS, 50);
    Path file = files().getFirst();
    Path renamed = file.resolveSibling("a" + PrefixFolder.name(file));
    Files.move(file, renamed);
    assertThat(find(worker(), "me", 0, TOKENS)).isEqualTo(new Lookup.Nothing());
    assertThat(renamed).doesNotExist();
  }

  @Test
  void the_longest_not_used_goes_first_over_all_engines() throws Exception {
    PrefixFiles old = worker("old model", 3000, ROOMY, true);
    write(old, "me", TOKENS, 500);
    age(files().getFirst(), 3);
    PrefixFiles worker = worker("key", 3000, ROOMY, true);
    write(worker, "a", TOKENS, 500);
    age(newest(), 2);
    write(worker, "b", TOKENS, 500);
    age(newest(), 1);
    assertThat(files()).hasSize(3);

    // A read is a use, by whichever worker.
    assertFound(find(worker("key", 3000, ROOMY, true), "a", 0, TOKENS), TOKENS);
    write(worker, "c", TOKENS, 500);
    await().atMost(LONG).until(() -> worker.totals().deleted() == 1);
    assertThat(find(old, "me", 0, TOKENS)).isEqualTo(new Lookup.Nothing());
    write(worker, "d", TOKENS, 500);
    await().atMost(LONG).until(() -> worker.totals().deleted() == 2);
    assertThat(find(worker, "b", 0, TOKENS)).isEqualTo(new Lookup.Nothing());
    assertFound(find(worker, "a", 0, TOKENS), TOKENS);
  }

  @Test
  void what_was_not_used_for_too_long_goes_at_the_next_start() throws Exception {
    PrefixFiles before = worker();
    write(before, "old", TOKENS, 10);
    age(newest(), 11);
    write(before, "young", TOKENS, 10);
    age(newest(), 9);
    before.close();
    worker().close();
    assertThat(files()).hasSize(1);
    assertFound(find(worker(), "young", 0, TOKENS), TOKENS);
  }

  private Path newest() {
    return files().stream().max(Comparator.comparing(PrefixFilesTest::used)).orElseThrow();
  }

  private static FileTime used(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void age(Path file, int hours) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(hours))));
  }

  @Test
  void what_is_larger_than_the_limit_is_not_written() {
    PrefixFiles worker = worker("key", 400, ROOMY, true);
    SavedBytes saved = SavedBytes.of(500, 1);
    worker.write("me", TOKENS, saved);
    assertThat(worker.totals().skipped()).isOne();
    assertThat(saved.holders).hasValue(0);
  }

  @Test
  void workers_that_write_and_delete_at_once_keep_the_limit_and_leave_nothing_half_done()
      throws Exception {
    List<PrefixFiles> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      workers.add(worker("key", 5000, ROOMY, true));
    }
    for (int i = 0; i < 40; i++) {
      workers.get(i % 4).write("me", tokens(100, i / 2), SavedBytes.of(500, i / 2));
    }
    workers.forEach(PrefixFiles::close);

    assertThat(files()).allMatch(file -> file.toString().endsWith(PrefixFolder.SUFFIX));
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isBetween(1L, 5000L);
    PrefixFiles reader = worker();
    for (int i = 0; i < 20; i++) {
      if (find(reader, "me", 99, tokens(100, i)) instanceof Lookup.Found found) {
        assertThat(((SavedBytes) found.saved()).content())
            .isEqualTo(SavedBytes.of(500, i).content());
      }
    }
    assertThat(reader.totals().read()).isPositive();
    assertThat(reader.totals().unreadable()).isZero();
  }

  @Test
  void what_is_too_much_for_the_queue_is_not_written_and_its_memory_given_back() {
    PrefixFiles worker = worker("key", ROOMY, 250, true);
    CountDownLatch disk = new CountDownLatch(1);
    SavedBytes slow =
        new SavedBytes(new byte[200]) {
          @Override
          public void writeTo(WritableByteChannel channel) throws IOException {
            try {
              disk.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            super.writeTo(channel);
          }
        };
    SavedBytes second = SavedBytes.of(100, 2);
    worker.write("me", TOKENS, slow);
    worker.write("you", TOKENS, second);
    assertThat(second.holders).hasValue(0);
    assertThat(worker.totals().skipped()).isOne();
    disk.countDown();
    await().atMost(LONG).until(() -> slow.holders.get() == 0);
    write(worker, "you", TOKENS, 100);
  }

  @Test
  void what_waits_is_written_before_the_end_and_found_at_the_next_start() throws Exception {
    PrefixFiles worker = worker();
    for (int i = 0; i < 10; i++) {
      worker.write("scope " + i, TOKENS, SavedBytes.of(100, i));
    }
    worker.close();
    PrefixFiles next = worker();
    for (int i = 0; i < 10; i++) {
      assertFound(find(next, "scope " + i, 0, TOKENS), TOKENS);
    }
  }

  @Test
  void files_and_folders_are_for_their_owner_alone() throws Exception {
    write(worker(), "me", TOKENS, 10);
    Path file = files().getFirst();
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(Objects.requireNonNull(file.getParent()))).isEqualTo("rwx------");
    assertThat(permissions(root())).isEqualTo("rwx------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void a_disk_that_refuses_costs_a_file_and_no_more() throws Exception {
    Files.createDirectories(home.resolve("data"));
    Files.writeString(root(), "not a folder");
    PrefixFiles worker = worker();
    SavedBytes saved = SavedBytes.of(100, 1);
    worker.write("me", TOKENS, saved);
    await().atMost(LONG).until(() -> saved.holders.get() == 0);
    assertThat(worker.totals().skipped()).isOne();
    assertThat(find(worker, "me", 0, TOKENS)).isEqualTo(new Lookup.Unreadable());
  }
}
