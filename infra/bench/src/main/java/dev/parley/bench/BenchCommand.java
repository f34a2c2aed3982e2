package dev.parley.bench;

import picocli.CommandLine.Command;

/// `parley bench NAME`: measures, and prints what was reached and what was not.
@Command(
    name = "bench",
    description = "Measures.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SimulationBench.class,
      PathBench.class,
      RelayBench.class,
      RecoveryBench.class,
      BatchBench.class,
      EngineBench.class,
      KvBench.class,
      TelegramBench.class,
      TelegramDoubleCommand.class,
      ModelCommand.class,
      TableCommand.class
    })
final class BenchCommand {}
