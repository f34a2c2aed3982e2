package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a `multipart/form-data` body.
final class Multipart {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
  private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");
  private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

  private final byte[] body;
  private final Map<String, JsonNode> values = new HashMap<>();
  private final Map<String, Upload> files = new HashMap<>();

  private Multipart(byte[] body) {
    this.body = body;
  }

  /// @throws ApiException when it is no such body
  static Args read(String contentType, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      throw ApiException.badRequest("boundary field not found");
    }
    Multipart parts = new Multipart(body);
    parts.readAll(("--" + boundary.group(1)).getBytes(StandardCharsets.UTF_8));
    return new Args(parts.values, parts.files);
  }

  private void readAll(byte[] delimiter) {
    int at = find(delimiter, 0);
    while (at >= 0) {
      int begin = at + delimiter.length + 2;
      int next = find(delimiter, begin);
      if (next < 0) {
        return;
      }
      int blank = find(BLANK_LINE, begin);
      if (blank < 0 || blank > next) {
        throw ApiException.badRequest("wrong multipart body");
      }
      String headers = new String(body, begin, blank - begin, StandardCharsets.UTF_8);
      // The line break before the delimiter belongs to it.
      add(headers, Arrays.copyOfRange(body, blank + BLANK_LINE.length, next - 2));
      at = next;
    }
  }

  private void add(String headers, byte[] content) {
    String name = parameter(NAME, headers).orElse("");
    Optional<String> fileName = parameter(FILE_NAME, headers);
    if (fileName.isPresent()) {
      files.put(name, new Upload(fileName.get(), content));
    } else {
      String text = new String(content, StandardCharsets.UTF_8);
      values.put(name, ApiJson.NODES.textNode(text));
    }
  }

  private static Optional<String> parameter(Pattern pattern, String headers) {
    Matcher matcher = pattern.matcher(headers);
    return matcher.find()
        ? Optional.of(
            matcher.group(1).replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
        : Optional.empty();
  }

  private int find(byte[] what, int from) {
    for (int i = from; i <= body.length - what.length; i++) {
      if (Arrays.equals(body, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }
}
