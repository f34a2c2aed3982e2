package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// Reads the documents that a bot sends: a part of the call's own multipart body, or the id of a file that is known.
final class Uploads {
  private static final String ATTACHED = "attach://";

  private final Files files;

  Uploads(Files files) {
    this.files = files;
  }

  /// The file of `document`.
  Attachment document(Args args) {
    String given = args.text("document");
    String part = given.startsWith(ATTACHED) ? given.substring(ATTACHED.length()) : "document";
    Optional<Upload> upload = args.file(part);
    if (upload.isPresent()) {
      return kept(upload.get());
    }
    if (given.isEmpty() || given.startsWith(ATTACHED)) {
      throw ApiException.badRequest("there is no document in the request");
    }
    return known(given);
  }

  /// The object of `media`, which has to be a document.
  static Args media(Args args) {
    JsonNode media =
        args.json("media", "input media")
            .orElseThrow(() -> ApiException.badRequest("parameter \"media\" is required"));
    if (!media.isObject()) {
      throw ApiException.badRequest("object expected as input media");
    }
    Args read = Args.of(media);
    if (!read.text("type").equals("document")) {
      throw ApiException.badRequest("unsupported input media type");
    }
    return read;
  }

  /// The file of such an object.
  Attachment inMedia(Args media, Args args) {
    String given = media.text("media");
    if (!given.startsWith(ATTACHED)) {
      if (given.isEmpty()) {
        throw ApiException.badRequest("media not found");
      }
      return known(given);
    }
    return kept(
        args.file(given.substring(ATTACHED.length()))
            .orElseThrow(() -> ApiException.badRequest("media not found")));
  }

  private Attachment known(String fileId) {
    return files
        .byId(fileId)
        .map(Files.Stored::attachment)
        .orElseThrow(() ->
            ApiException.badRequest("wrong remote file identifier specified: Wrong string length"));
  }

  private Attachment kept(Upload upload) {
    byte[] bytes = upload.bytes();
    if (bytes.length == 0) {
      throw ApiException.badRequest("file must be non-empty");
    }
    if (bytes.length > Files.MAX_UPLOAD) {
      throw new ApiException(Answer.failed(413, "Request Entity Too Large"));
    }
    if (upload.name().isBlank()) {
      // The real one makes a name up; a bot that gives none has forgotten it.
      throw ApiException.badRequest("file name must be non-empty");
    }
    return files.add(Attachment.Kind.DOCUMENT, upload.name(), mime(upload.name()), bytes);
  }

  private static String mime(String name) {
    int dot = name.lastIndexOf('.');
    return switch (dot < 0 ? "" : name.substring(dot + 1)) {
      case "txt" -> "text/plain";
      case "md" -> "text/markdown";
      case "json" -> "application/json";
      case "pdf" -> "application/pdf";
      default -> "application/octet-stream";
    };
  }
}
