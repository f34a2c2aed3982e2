package dev.parley.gateway.telegram;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who may use the bot. Users and chats are named by their ids, users also by `@name`, which they can change.
///
/// @param allowed if there are any, only these users, and everybody in these chats
/// @param denied never these, whatever is allowed
/// @param admins users who may always, and may say who may not
public record Guests(Set<String> allowed, Set<String> denied, Set<String> admins) {

  public static Guests of(
      Collection<String> allowed, Collection<String> denied, Collection<String> admins) {
    return new Guests(plain(allowed), plain(denied), plain(admins));
  }

  private static Set<String> plain(Collection<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// @param username without the `@`, if there is one
  boolean mayUse(long user, @Nullable String username, long chat) {
    List<String> names = names(user, username, chat);
    return isAdmin(user, username)
        || (names.stream().noneMatch(denied::contains)
            && (allowed.isEmpty() || names.stream().anyMatch(allowed::contains)));
  }

  /// @param username without the `@`, if there is one
  boolean isAdmin(long user, @Nullable String username) {
    return names(user, username, user).stream().anyMatch(admins::contains);
  }

  /// What somebody who writes in a chat is known by.
  static List<String> names(long user, @Nullable String username, long chat) {
    String id = Long.toString(user);
    return username == null
        ? List.of(id, Long.toString(chat))
        : List.of(id, Long.toString(chat), "@" + username.toLowerCase(Locale.ROOT));
  }
}
