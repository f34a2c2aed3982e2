package dev.parley.shared.config;

import static dev.parley.shared.config.Kinds.bytes;
import static dev.parley.shared.config.Kinds.duration;
import static dev.parley.shared.config.Kinds.hostPorts;
import static dev.parley.shared.config.Kinds.number;
import static dev.parley.shared.config.Kinds.oneOf;
import static dev.parley.shared.config.Kinds.oneUrl;
import static dev.parley.shared.config.Kinds.path;
import static dev.parley.shared.config.Kinds.secret;
import static dev.parley.shared.config.Kinds.secrets;
import static dev.parley.shared.config.Kinds.text;
import static dev.parley.shared.config.Kinds.texts;
import static dev.parley.shared.config.Kinds.urls;
import static dev.parley.shared.config.Kinds.wholeNumber;
import static dev.parley.shared.config.Kinds.wordOrUrl;
import static dev.parley.shared.config.Kinds.yesOrNo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every setting of Parley, one line each, in the order in which README and `parley doctor` print
/// them.
///
/// To add one, add its line in the group it belongs to and read it with [Config#get]; `set` gives
/// it a default, `free` leaves it unset unless somebody sets it (read it with [Config#find]).
public final class Settings {
  private static final Duration MS = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long MIB = 1L << 20;

  private static final List<Setting<?>> DECLARED = new ArrayList<>();

  // Where things are
  public static final Setting<String> KAFKA =
      set("PARLEY_KAFKA", hostPorts(), "host:port", "127.0.0.1:9092", "Kafka's bootstrap servers.");
  public static final Setting<List<URI>> REDIS =
      set(
          "PARLEY_REDIS",
          urls("redis", "rediss"),
          "URL",
          "redis://127.0.0.1:6379",
          "Redis, or several independent ones that share the conversations.");
  public static final Setting<Path> HOME =
      set("PARLEY_HOME", path(), "path", "~/.cache/parley", "Where downloads are kept.");
  public static final Setting<Path> DATA =
      set(
          "PARLEY_DATA",
          path(),
          "path",
          "~/.local/share/parley",
          "What `up` keeps: Kafka's log, Redis's file, ports, logs; workers' prefix files.");
  public static final Setting<Path> LIB_DIR =
      free(
          "PARLEY_LIB_DIR",
          path(),
          "path",
          "A directory with llama.cpp's libraries, instead of the download.");
  public static final Setting<String> HOST =
      set(
          "PARLEY_HOST",
          text(),
          "address",
          "127.0.0.1",
          "The address that HTTP binds; one that is not loopback needs PARLEY_API_KEYS.");
  public static final Setting<Integer> PORT =
      set(
          "PARLEY_PORT",
          wholeNumber(0, 65_535),
          "port",
          "8080",
          "The gateway's HTTP port; 0 takes a free one.");
  public static final Setting<Integer> WORKER_PORT =
      set(
          "PARLEY_WORKER_PORT",
          wholeNumber(0, 65_535),
          "port",
          "0",
          "A worker's port for health and metrics; 0 takes a free one.");
  public static final Setting<List<Secret>> API_KEYS =
      hidden(
          "PARLEY_API_KEYS",
          secrets(),
          "keys",
          "Keys that HTTP clients must send as a bearer token; none: everybody on this machine.");

  // The model and its engine
  public static final Setting<String> MODEL =
      set(
          "PARLEY_MODEL",
          text(),
          "file or name",
          "smollm2-135m",
          "The model: a GGUF file, or a name that `parley models` lists.");
  public static final Setting<String> ENGINE =
      set(
          "PARLEY_ENGINE",
          wordOrUrl(List.of("llama", "fake"), "http", "https"),
          "llama, fake or URL",
          "llama",
          "What answers: llama.cpp in the worker, a made-up text for tests, or an OpenAI-compatible"
              + " server.");
  public static final Setting<Secret> REMOTE_KEY =
      hidden("PARLEY_REMOTE_KEY", secret(), "key", "Sent to the server as a bearer token.");
  public static final Setting<String> REMOTE_MODEL =
      free(
          "PARLEY_REMOTE_MODEL",
          text(),
          "name",
          "What the server is asked for as the model; unset: the first that it lists.");
  public static final Setting<Integer> REMOTE_FIRST_TOKEN =
      set(
          "PARLEY_REMOTE_FIRST_TOKEN_S",
          wholeNumber(1, 3600),
          "s",
          "120",
          "How long the server may take for an answer's first piece, its own queue included.");
  public static final Setting<Integer> REMOTE_IDLE =
      set(
          "PARLEY_REMOTE_IDLE_S",
          wholeNumber(1, 3600),
          "s",
          "30",
          "How long it may be silent in the midst of an answer.");
  public static final Setting<Integer> SLOTS =
      set(
          "PARLEY_SLOTS",
          wholeNumber(1, 256),
          "sequences",
          "4",
          "How many answers one worker writes at the same time.");
  public static final Setting<Integer> CONTEXT =
      set(
          "PARLEY_CONTEXT",
          wholeNumber(256, 1_048_576),
          "tokens per slot",
          "2048",
          "Prompt and answer of one turn together.");
  public static final Setting<KvType> KV_TYPE =
      free(
          "PARLEY_KV_TYPE",
          oneOf(KvType.class),
          "type",
          "The KV cache's number format; unset: q8_0 on a GPU, f16 on a CPU.");
  public static final Setting<Integer> THREADS =
      free(
          "PARLEY_THREADS",
          wholeNumber(1, 1024),
          "threads",
          "CPU threads of one worker's engine; unset: the machine's cores divided by the workers.");
  public static final Setting<Integer> ITL_TARGET =
      free(
          "PARLEY_ITL_TARGET_MS",
          wholeNumber(1, 60_000),
          "ms",
          "What a running answer shall wait between two tokens at most while prompts are"
              + " computed; unset: 250 on a CPU, 60 on a GPU.");
  public static final Setting<Integer> SWAP =
      set(
          "PARLEY_SWAP_MIB",
          wholeNumber(0, 1 << 20),
          "MiB",
          "1024",
          "Host memory for the caches of answers that make way for others; 0: none does.");
  public static final Setting<Integer> PREFIX_CACHE =
      set(
          "PARLEY_PREFIX_CACHE_MIB",
          wholeNumber(0, 1 << 20),
          "MiB",
          "1024",
          "Host memory for computed beginnings of prompts, so that a conversation's next turn need"
              + " not compute them again; 0: none.");
  public static final Setting<Integer> PREFIX_FILES =
      free(
          "PARLEY_PREFIX_FILES_MIB",
          wholeNumber(0, 1 << 24),
          "MiB",
          "Disk in PARLEY_DATA for such beginnings, which hold what people wrote: the workers of"
              + " one host share them, and find them after a restart; 0: none; unset: 4096 when"
              + " `up` starts several workers, else none.");
  public static final Setting<Duration> MAX_STEP =
      free(
          "PARLEY_MAX_STEP",
          duration(SECOND, HOUR),
          "duration",
          "A worker whose engine is longer in one step halts, so that another takes over; unset:"
              + " 60s on a CPU, 20s on a GPU.");

  public static final Setting<Path> STEP_LOG =
      free(
          "PARLEY_STEP_LOG",
          path(),
          "path",
          "A file that gets a line for every step of the engine: for benches and tests.");
  public static final Setting<Integer> FAKE_SPEED =
      set(
          "PARLEY_FAKE_SPEED",
          wholeNumber(1, 100_000),
          "tokens per second",
          "50",
          "How fast the engine `fake` writes each answer.");
  public static final Setting<String> FAKE_POISON =
      free(
          "PARLEY_FAKE_POISON",
          text(),
          "text",
          "A message with this text ends a worker with the engine `fake`: for tests.");

  // Limits of the queue
  public static final Setting<Integer> HOLD_BATCH =
      set(
          "PARLEY_HOLD_BATCH",
          wholeNumber(0, 64),
          "prompts",
          "2",
          "Batch prompts that one worker holds.");
  public static final Setting<Integer> HOLD_EXTRA =
      free(
          "PARLEY_HOLD_EXTRA",
          wholeNumber(0, 512),
          "prompts",
          "Interactive prompts that one worker holds beyond its slots while nobody has a free one;"
              + " unset: the larger of 16 and a quarter of the slots.");
  public static final Setting<Integer> USER_IN_FLIGHT =
      set(
          "PARLEY_USER_IN_FLIGHT",
          wholeNumber(1, 1024),
          "prompts",
          "4",
          "Prompts of one chat user in the queue.");
  public static final Setting<Integer> KEY_IN_FLIGHT =
      set(
          "PARLEY_KEY_IN_FLIGHT",
          wholeNumber(1, 4096),
          "prompts",
          "64",
          "Prompts of one API key in the queue.");
  public static final Setting<Integer> WAITING_TURNS =
      set(
          "PARLEY_WAITING_TURNS",
          wholeNumber(1, 1000),
          "turns",
          "8",
          "Turns that wait behind the one that is answered, per conversation.");
  public static final Setting<Integer> OPEN_TURNS =
      set(
          "PARLEY_OPEN_TURNS",
          wholeNumber(1, 1_000_000),
          "turns",
          "20000",
          "Turns that are open on one gateway, waiting ones included; more are refused.");
  public static final Setting<Integer> REDIS_CALLS =
      set(
          "PARLEY_REDIS_CALLS",
          wholeNumber(1, 256),
          "scripts",
          "12",
          "Redis scripts that one gateway runs at the same time.");
  public static final Setting<Duration> TURN_DEADLINE =
      set(
          "PARLEY_TURN_DEADLINE",
          duration(SECOND, HOUR),
          "duration",
          "10m",
          "After this time a turn that is not answered ends with an apology.");

  // Limits of one message
  public static final Setting<Integer> MESSAGE_CHARS =
      set(
          "PARLEY_MESSAGE_CHARS",
          wholeNumber(1, 4_000_000),
          "characters",
          "32000",
          "The longest message.");
  public static final Setting<Integer> MAX_TOKENS =
      set(
          "PARLEY_MAX_TOKENS",
          wholeNumber(1, 1_048_576),
          "tokens",
          "512",
          "The longest answer unless the client asks for fewer.");
  public static final Setting<Double> TEMPERATURE =
      set(
          "PARLEY_TEMPERATURE",
          number(0, 2),
          "temperature",
          "0.2",
          "How freely answers are drawn where a client says nothing; 0: the likeliest word each"
              + " time.");
  public static final Setting<Long> BODY_BYTES =
      set("PARLEY_BODY_BYTES", bytes(MIB, 64 * MIB), "bytes", "4MiB", "The largest HTTP request.");
  public static final Setting<String> SYSTEM_PROMPT =
      set(
          "PARLEY_SYSTEM_PROMPT",
          text(),
          "text",
          "You are a helpful assistant.",
          "What the model is told first when a client sends no system message.");
  public static final Setting<Path> SKILLS =
      free(
          "PARLEY_SKILLS",
          path(),
          "path",
          "A YAML file of skills, which come on top of ours or in their place; unset: ours alone.");
  public static final Setting<Integer> HISTORY_TOKENS =
      set(
          "PARLEY_HISTORY_TOKENS",
          wholeNumber(0, 1_048_576),
          "tokens",
          "1400",
          "Earlier turns that go with a prompt.");
  public static final Setting<Duration> HISTORY_EXPIRY =
      set(
          "PARLEY_HISTORY_EXPIRY",
          duration(MINUTE, DAY.multipliedBy(365)),
          "duration",
          "168h",
          "A conversation that is silent for this long is forgotten.");

  // The live stream
  public static final Setting<Duration> COALESCE =
      set(
          "PARLEY_COALESCE",
          duration(MS, SECOND),
          "duration",
          "40ms",
          "Deltas after the first are gathered for this long.");
  public static final Setting<Duration> DRAIN =
      set(
          "PARLEY_DRAIN",
          duration(MS, HOUR),
          "duration",
          "10s",
          "How long a process that is asked to stop lets running answers go on.");

  // Telegram
  public static final Setting<Secret> TELEGRAM_TOKEN =
      hidden(
          "TELEGRAM_BOT_TOKEN",
          secret(),
          "token",
          "The bot's token, from @BotFather; without one there is no bot.");
  public static final Setting<URI> TELEGRAM_API =
      set(
          "TELEGRAM_API_URL",
          oneUrl("http", "https"),
          "URL",
          "https://api.telegram.org",
          "The server of the Bot API: Telegram's, one of your own, or an emulator.");
  public static final Setting<URI> TELEGRAM_WEBHOOK =
      free(
          "TELEGRAM_WEBHOOK_URL",
          oneUrl("http", "https"),
          "URL",
          "Where Telegram reaches this gateway's /telegram/webhook; unset: the gateway asks for"
              + " updates itself, which is for one gateway only.");
  public static final Setting<Secret> TELEGRAM_WEBHOOK_SECRET =
      hidden(
          "TELEGRAM_WEBHOOK_SECRET",
          secret(),
          "text",
          "What Telegram sends with every update, 1 to 256 of A-Z a-z 0-9 _ -; unset: one made from"
              + " the token.");

  public static final Setting<List<String>> TELEGRAM_ALLOW =
      set(
          "TELEGRAM_ALLOW",
          texts(),
          "ids, @names",
          "",
          "Only these users, and everybody in these chats, may use the bot; empty: everybody.");
  public static final Setting<List<String>> TELEGRAM_DENY =
      set(
          "TELEGRAM_DENY",
          texts(),
          "ids, @names",
          "",
          "These users and chats may not, whatever is allowed.");
  public static final Setting<List<String>> TELEGRAM_ADMINS =
      set(
          "TELEGRAM_ADMINS",
          texts(),
          "ids, @names",
          "",
          "These users may always, and have /ban, /unban, /limits and /announce; empty: nobody"
              + " has.");
  public static final Setting<Integer> TELEGRAM_USER_HOURLY =
      set(
          "TELEGRAM_USER_HOURLY",
          wholeNumber(0, 100_000),
          "messages an hour",
          "120",
          "Messages of one user, half of them at once; 0: any number.");
  public static final Setting<Integer> TELEGRAM_CHAT_HOURLY =
      set(
          "TELEGRAM_CHAT_HOURLY",
          wholeNumber(0, 100_000),
          "messages an hour",
          "600",
          "Messages of all users of one chat, half of them at once; 0: any number.");
  public static final Setting<Boolean> TELEGRAM_DRAFTS =
      set(
          "TELEGRAM_DRAFTS",
          yesOrNo(),
          "true or false",
          "false",
          "Whether answers in private chats grow as drafts, where the server knows them, instead of"
              + " messages that are edited.");
  public static final Setting<Integer> TELEGRAM_FILE_CHARS =
      set(
          "TELEGRAM_FILE_CHARS",
          wholeNumber(0, 1_000_000),
          "characters",
          "12000",
          "An answer that is longer also comes as a document; 0: none does.");

  // Everything on this machine
  public static final Setting<Integer> WORKERS =
      set("PARLEY_WORKERS", wholeNumber(1, 64), "processes", "1", "Workers that `up` starts.");
  public static final Setting<String> LOG_FORMAT =
      set(
          "PARLEY_LOG_FORMAT",
          oneOf("auto", "human", "json"),
          "form",
          "auto",
          "Log lines for people or as JSON; auto: people on a terminal.");
  public static final Setting<String> LOG_LEVEL =
      set(
          "PARLEY_LOG_LEVEL",
          oneOf("warn", "info", "debug", "trace"),
          "level",
          "info",
          "How much Parley logs; message text shows at trace only.");

  // Read by the launcher before Java runs; named here so that they are known and printed
  public static final Setting<Path> CONFIG_FILE =
      set(
          "PARLEY_CONFIG",
          path(),
          "path",
          "parley.yaml",
          "The configuration file; the default may be missing.");
  public static final Setting<Path> JAVA_HOME =
      free("PARLEY_JAVA_HOME", path(), "path", "The JDK 25 that `./parley` uses.");

  private static final List<Setting<?>> ALL = List.copyOf(DECLARED);

  private Settings() {}

  /// Every setting in the order of declaration.
  public static List<Setting<?>> all() {
    return ALL;
  }

  private static <T> Setting<T> set(
      String name, SettingKind<T> kind, String unit, String defaultText, String doc) {
    return declare(new Setting<>(name, unit, Optional.of(defaultText), doc, kind, false));
  }

  private static <T> Setting<T> free(String name, SettingKind<T> kind, String unit, String doc) {
    return declare(new Setting<>(name, unit, Optional.empty(), doc, kind, false));
  }

  private static <T> Setting<T> hidden(String name, SettingKind<T> kind, String unit, String doc) {
    return declare(new Setting<>(name, unit, Optional.empty(), doc, kind, true));
  }

  private static <T> Setting<T> declare(Setting<T> setting) {
    if (DECLARED.stream().anyMatch(other -> other.name().equals(setting.name()))) {
      throw new IllegalStateException(setting.name() + " is declared twice");
    }
    DECLARED.add(setting);
    return setting;
  }
}
