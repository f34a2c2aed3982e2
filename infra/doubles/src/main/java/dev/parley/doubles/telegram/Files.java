package dev.parley.doubles.telegram;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Files that people and the bot have sent. Not thread-safe.
final class Files {
  /// The largest file that a bot may fetch, bytes.
  static final int MAX_DOWNLOAD = 20 * 1024 * 1024;

  /// The largest file that a bot may send, bytes.
  static final int MAX_UPLOAD = 50 * 1024 * 1024;

  /// @param path where the bot fetches it from, below `/file/bot<token>/`
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record Stored(Attachment attachment, String path, byte[] bytes) {}

  private final Map<String, Stored> byId = new HashMap<>();
  private final Map<String, Stored> byPath = new HashMap<>();
  private int next = 1;

  Attachment add(Attachment.Kind kind, String name, String mime, byte[] bytes) {
    int number = next++;
    String id = "BQACAgIAAxkBAA" + number + "-" + kind.wire();
    int dot = name.lastIndexOf('.');
    String path = kind.wire() + "s/file_" + number + (dot < 0 ? "" : name.substring(dot));
    Attachment attachment = new Attachment(kind, id, name, mime, bytes.length);
    Stored stored = new Stored(attachment, path, bytes.clone());
    byId.put(id, stored);
    byPath.put(path, stored);
    return attachment;
  }

  Optional<Stored> byId(String fileId) {
    return Optional.ofNullable(byId.get(fileId));
  }

  Optional<Stored> byPath(String path) {
    return Optional.ofNullable(byPath.get(path));
  }
}
