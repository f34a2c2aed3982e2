package dev.parley.shared.redis;

import dev.parley.shared.turn.TurnStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/// Whole text and SHA-1 of every script: the store's limits as local variables, the shared parts, the
/// script.
final class ScriptSource {

  /// @param text what `SCRIPT LOAD` gets
  /// @param sha what `EVALSHA` gets
  record Loaded(String text, String sha) {}

  private final Map<Script, Loaded> scripts = new EnumMap<>(Script.class);

  /// @param clock the text of `clock.lua` or, in tests, of what stands in for it
  ScriptSource(String clock) {
    for (Script script : Script.values()) {
      StringBuilder text = new StringBuilder(limits());
      for (String part : script.base.files()) {
        text.append(part.equals("clock") ? clock : resource(part));
      }
      text.append(resource(script.file));
      scripts.put(script, new Loaded(text.toString(), sha1(text.toString())));
    }
  }

  /// The scripts with Redis' own time.
  static ScriptSource production() {
    return new ScriptSource(resource("clock"));
  }

  Loaded of(Script script) {
    Loaded loaded = scripts.get(script);
    if (loaded == null) {
      throw new IllegalStateException("no text for " + script);
    }
    return loaded;
  }

  private static String limits() {
    return """
    local REBUILD_MS, WORKER_LEASE_MS, GATEWAY_LEASE_MS = %d, %d, %d
    local CHECK_MS, DISPATCH_MS, TOMBSTONE_MS = %d, %d, %d
    """
        .formatted(
            TurnStore.REBUILD_MS,
            TurnStore.WORKER_LEASE_MS,
            TurnStore.GATEWAY_LEASE_MS,
            TurnStore.CHECK_MS,
            TurnStore.DISPATCH_MS,
            TurnStore.TOMBSTONE_MS);
  }

  private static String resource(String name) {
    try (InputStream in = ScriptSource.class.getResourceAsStream("lua/" + name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no lua/" + name + ".lua in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read lua/" + name + ".lua", e);
    }
  }

  /// Redis names scripts by SHA-1; nothing secret depends on it.
  private static String sha1(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
