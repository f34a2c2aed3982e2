package dev.parley.gateway.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.parley.shared.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// All skills, in the order in which they are shown: ours, then those of a team's own file, which may also take the
/// place of one of ours.
public final class Skills {

  /// More would not fit under one message.
  private static final int MOST = 40;

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Map<String, Skill> byName;

  private Skills(Map<String, Skill> byName) {
    this.byName = byName;
  }

  /// Ours alone.
  public static Skills ours() {
    try (InputStream in = Objects.requireNonNull(Skills.class.getResourceAsStream("skills.yaml"))) {
      return new Skills(parse("skills.yaml", new String(in.readAllBytes(), UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ours and those of a file.
  ///
  /// @throws ConfigException when it cannot be read, with the place
  public static Skills with(Path file) {
    Map<String, Skill> all = new LinkedHashMap<>(ours().byName);
    try {
      all.putAll(parse(file.toString(), Files.readString(file)));
    } catch (IOException e) {
      throw new ConfigException("PARLEY_SKILLS: %s cannot be read: %s".formatted(file, e), e);
    }
    if (all.size() > MOST) {
      throw new ConfigException(
          "PARLEY_SKILLS: %d skills are more than the %d that fit under a message."
              .formatted(all.size(), MOST));
    }
    return new Skills(all);
  }

  private static Map<String, Skill> parse(String file, String text) {
    Map<String, Skill> skills = new LinkedHashMap<>();
    try {
      Map<String, Skill.Written> written = YAML.readValue(text, new TypeReference<>() {});
      written.forEach((name, skill) -> skills.put(name, skill.named(name)));
    } catch (JsonProcessingException e) {
      throw new ConfigException("PARLEY_SKILLS: %s: %s".formatted(file, where(e)), e);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("PARLEY_SKILLS: %s: %s".formatted(file, e.getMessage()), e);
    }
    return skills;
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? e.getOriginalMessage()
        : "line %d: %s".formatted(e.getLocation().getLineNr(), e.getOriginalMessage());
  }

  public Optional<Skill> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public List<Skill> all() {
    return new ArrayList<>(byName.values());
  }
}
