package dev.parley.gateway.telegram;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.telegram.telegrambots.meta.api.methods.GetFile;
import org.telegram.telegrambots.meta.api.objects.Document;
import org.telegram.telegrambots.meta.api.objects.File;

/// Text documents that are attached to a question. Blocks; thread-safe.
final class Documents {

  /// The largest that is read, bytes.
  static final int MOST_BYTES = 1 << 20;

  /// Ends of names of files that hold text, whatever type the sender's program gave them.
  private static final Set<String> TEXT =
      Set.of(
          "txt",
          "md",
          "markdown",
          "csv",
          "tsv",
          "json",
          "jsonl",
          "log",
          "srt",
          "vtt",
          "xml",
          "yaml",
          "yml",
          "toml",
          "ini",
          "cfg",
          "conf",
          "properties",
          "env",
          "html",
          "htm",
          "css",
          "js",
          "mjs",
          "ts",
          "tsx",
          "jsx",
          "java",
          "kt",
          "kts",
          "scala",
          "groovy",
          "gradle",
          "py",
          "rb",
          "php",
          "pl",
          "lua",
          "r",
          "jl",
          "go",
          "rs",
          "c",
          "h",
          "cc",
          "cpp",
          "hpp",
          "cs",
          "swift",
          "m",
          "mm",
          "sh",
          "bash",
          "zsh",
          "ps1",
          "bat",
          "sql",
          "graphql",
          "proto",
          "tex",
          "rst",
          "adoc",
          "diff",
          "patch",
          "dockerfile",
          "makefile",
          "cmake",
          "vue",
          "svelte");

  /// What became of a document.
  sealed interface Read {
    record Text(String text) implements Read {}

    /// @param reason a key of [Words]
    record Not(String reason) implements Read {}

    /// Not now; it may work later.
    record Later() implements Read {}
  }

  private final TelegramApi api;

  Documents(TelegramApi api) {
    this.api = api;
  }

  /// Reads a document.
  Read read(Document document) {
    String name = document.getFileName() == null ? "" : document.getFileName();
    if (!isText(name, document.getMimeType() == null ? "" : document.getMimeType())) {
      return new Read.Not("unsupported");
    }
    if (document.getFileSize() != null && document.getFileSize() > MOST_BYTES) {
      return new Read.Not("document.large");
    }
    return switch (api.call(new GetFile(document.getFileId()))) {
      case ApiResult.Ok<File> file -> download(name, file.value().getFilePath());
      case ApiResult.Refused<File> refused -> new Read.Not("document.gone");
      case ApiResult.Migrated<File> odd -> new Read.Not("document.gone");
      case ApiResult.Flood<File> flood -> new Read.Later();
      case ApiResult.Unreachable<File> away -> new Read.Later();
      case ApiResult.Unknown<File> unknown -> new Read.Later();
    };
  }

  private Read download(String name, String path) {
    return switch (api.download(path, MOST_BYTES)) {
      case ApiResult.Ok<byte[]> bytes -> decoded(name, bytes.value());
      case ApiResult.Refused<byte[]> refused -> new Read.Not("document.gone");
      case ApiResult.Migrated<byte[]> odd -> new Read.Not("document.gone");
      case ApiResult.Flood<byte[]> flood -> new Read.Later();
      case ApiResult.Unreachable<byte[]> away -> new Read.Later();
      case ApiResult.Unknown<byte[]> unknown -> new Read.Later();
    };
  }

  private static Read decoded(String name, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
      return plain.isBlank()
          ? new Read.Not("document.empty")
          : new Read.Text(name + ":\n\n" + plain.strip());
    } catch (CharacterCodingException e) {
      return new Read.Not("document.encoding");
    }
  }

  private static boolean isText(String name, String type) {
    String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TEXT.contains(end) || type.startsWith("text/") || type.equals("application/json");
  }
}
