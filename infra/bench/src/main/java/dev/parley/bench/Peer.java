package dev.parley.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Who is measured: Parley's engine alone and behind the whole path, and llama-server of the same release
/// with one of several settings.
enum Peer {
  /// `parley worker --serve`.
  PARLEY("Parley", "", "#d62728"),

  /// `parley up`: the same engine behind gateway, Kafka and Redis.
  PATH("Parley, whole path", "", "#e377c2"),

  /// As many streams as ours, everything else as it comes.
  DEFAULT("llama-server -np 8", "", "#1f77b4"),

  /// Tuned: a prompt's steps are kept short.
  B128("llama-server -np 8 -b 128 -ub 128", "-b 128 -ub 128", "#2ca02c"),

  /// Tuned for six that decode beside a prompt: 64 rows are left for it, what the attention kernel likes.
  B71("llama-server -np 8 -b 71 -ub 71", "-b 71 -ub 71", "#ff7f0e"),

  /// One KV cache that all streams share.
  KVU("llama-server -np 8 -kvu", "-kvu", "#9467bd"),

  /// A KV cache of 8 bits.
  Q8("llama-server -np 8, q8_0 KV", "-ctk q8_0 -ctv q8_0", "#8c564b"),

  /// Tuned for a GPU: a prompt's steps have no more rows than ours there.
  B512("llama-server -np 8 -b 512 -ub 512", "-b 512 -ub 512", "#bcbd22"),

  /// Tokens are chosen on the GPU, so that no logits are copied from it.
  BS("llama-server -np 8 -bs", "-bs", "#17becf");

  private static final List<Peer> ON_CPU = List.of(PATH, DEFAULT, B128, B71, KVU, Q8);
  private static final List<Peer> ON_GPU = List.of(PATH, DEFAULT, B512, BS, KVU, Q8);

  private final String title;
  private final String flags;
  private final String colour;

  Peer(String title, String flags, String colour) {
    this.title = title;
    this.flags = flags;
    this.colour = colour;
  }

  /// For people.
  String title() {
    return title;
  }

  /// What llama-server is started with beyond what all are.
  List<String> flags() {
    return flags.isEmpty() ? List.of() : List.of(flags.split(" "));
  }

  /// In drawings.
  String colour() {
    return colour;
  }

  /// For the command line: `b128`.
  String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether it is a llama-server.
  boolean isRival() {
    return this != PARLEY && this != PATH;
  }

  /// Those that are measured beside our engine when nobody names others.
  static List<Peer> usual(boolean gpu) {
    return gpu ? ON_GPU : ON_CPU;
  }

  /// All that can be measured beside our engine.
  private static List<Peer> others() {
    return Arrays.stream(values()).filter(peer -> peer != PARLEY).toList();
  }

  /// @throws IllegalArgumentException when there is none of this name
  static Peer named(String option) {
    return others().stream()
        .filter(peer -> peer.option().equals(option))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "There is no peer "
                    + option
                    + "; known: "
                    + others().stream().map(Peer::option).collect(Collectors.joining(", "))));
  }
}
