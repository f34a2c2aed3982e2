package dev.parley.shared.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// `parley.yaml`: one flat mapping from kebab-case names to scalars, or to lists of scalars, which
/// mean the same as commas.
final class ConfigFile {
  private static final int MAX_BYTES = 64 * 1024;

  private ConfigFile() {}

  /// @param required whether somebody named this file; the default one may be missing
  static Map<String, String> read(Path path, boolean required) {
    if (!Files.exists(path)) {
      if (required) {
        throw new ConfigException("PARLEY_CONFIG names a file that is not there: " + path);
      }
      return Map.of();
    }
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new ConfigException(path + " is larger than 64 KiB.");
      }
      return flat(path, Files.readString(path));
    } catch (JsonProcessingException e) {
      throw new ConfigException(path + " is not YAML: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ConfigException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> flat(Path path, String yaml) throws JsonProcessingException {
    var mapper = YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    JsonNode root = mapper.readTree(yaml);
    if (root.isMissingNode() || root.isNull()) {
      return Map.of();
    }
    if (!root.isObject()) {
      throw new ConfigException(path + " must be lines of the form `parley-slots: 4`.");
    }
    var values = new LinkedHashMap<String, String>();
    root.properties()
        .forEach(entry -> values.put(entry.getKey(), text(path, entry.getKey(), entry.getValue())));
    return values;
  }

  private static String text(Path path, String key, JsonNode node) {
    if (node.isValueNode()) {
      return node.asText();
    }
    if (node.isArray() && node.valueStream().allMatch(JsonNode::isValueNode)) {
      return node.valueStream().map(JsonNode::asText).collect(Collectors.joining(","));
    }
    throw new ConfigException(key + " in " + path + " must be a value or a list of values.");
  }
}
