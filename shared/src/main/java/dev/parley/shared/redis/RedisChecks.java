package dev.parley.shared.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a Redis must offer before Parley trusts it with turns. Asks the server each time; thread-safe.
public final class RedisChecks {

  /// Share of `maxmemory` from which on nothing is admitted, so that what was admitted can end.
  public static final double FULL_SHARE = 0.8;

  private static final int OLDEST_MAJOR = 6;
  private static final int OLDEST_MINOR = 2;
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private final ScriptRunner redis;

  /// @param store whose connections are used
  public RedisChecks(RedisTurnStore store) {
    this.redis = store.scripts();
  }

  /// Everything that is wrong, empty when nothing is.
  ///
  /// @throws dev.parley.shared.turn.StoreUnavailable when it does not answer
  public List<RedisFinding> check() {
    return judge(info());
  }

  /// Used share of `maxmemory`, 0 when there is no limit.
  ///
  /// @throws dev.parley.shared.turn.StoreUnavailable when it does not answer
  public double usedMemoryShare() {
    return share(info());
  }

  private Map<String, String> info() {
    return parse(redis.command("info", client -> client.info("server") + client.info("memory")));
  }

  static Map<String, String> parse(String info) {
    Map<String, String> values = new HashMap<>();
    info.lines()
        .forEach(line -> {
          int colon = line.indexOf(':');
          if (colon > 0) {
            values.put(line.substring(0, colon), line.substring(colon + 1).strip());
          }
        });
    return values;
  }

  static List<RedisFinding> judge(Map<String, String> info) {
    List<RedisFinding> findings = new ArrayList<>();
    String version = info.getOrDefault("redis_version", "unknown");
    if (!newEnough(version)) {
      findings.add(
          new RedisFinding(
              "redis-version",
              "version is " + version + ", must be 6.2 or later",
              "update the server"));
    }
    String policy = info.getOrDefault("maxmemory_policy", "unknown");
    if (!policy.equals("noeviction")) {
      findings.add(
          new RedisFinding(
              "redis-eviction",
              "maxmemory-policy is " + policy + ", under which accepted messages can vanish",
              "set maxmemory-policy noeviction"));
    }
    double share = share(info);
    if (share >= FULL_SHARE) {
      findings.add(
          new RedisFinding(
              "redis-memory",
              "%.0f %% of maxmemory is used, nothing is admitted from %.0f %% on"
                  .formatted(share * 100, FULL_SHARE * 100),
              "raise maxmemory or admit fewer turns"));
    }
    return findings;
  }

  private static double share(Map<String, String> info) {
    double limit = Double.parseDouble(info.getOrDefault("maxmemory", "0"));
    double used = Double.parseDouble(info.getOrDefault("used_memory", "0"));
    return limit == 0 ? 0 : used / limit;
  }

  private static boolean newEnough(String version) {
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.matches()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    return major > OLDEST_MAJOR || (major == OLDEST_MAJOR && minor >= OLDEST_MINOR);
  }
}
