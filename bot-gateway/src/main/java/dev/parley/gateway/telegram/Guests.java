package dev.parley.gateway.telegram;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who may use the bot. Users and chats are named by their ids, users also by `@name`, which they can change.
///
/// @param allowed if there are any, only these users, and everybody in these chats
/// @param denied never these, whatever is allowed
public record Guests(Set<String> allowed, Set<String> denied) {

  public static Guests of(Collection<String> allowed, Collection<String> denied) {
    return new Guests(plain(allowed), plain(denied));
  }

  private static Set<String> plain(Collection<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// @param username without the `@`, if there is one
  boolean mayUse(long user, @Nullable String username, long chat) {
    List<String> names =
        Stream.of(
                Long.toString(user),
                Long.toString(chat),
                username == null ? "" : "@" + username.toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .toList();
    return names.stream().noneMatch(denied::contains)
        && (allowed.isEmpty() || names.stream().anyMatch(allowed::contains));
  }
}
