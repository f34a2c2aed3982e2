package dev.parley.worker.schedule;

import java.util.HashMap;
import java.util.Map;

/// What each user has been served, in weighted tokens: virtual token counters (Sheng et al., "Fairness in
/// Serving Large Language Models", OSDI 2024). Who comes back after a pause does not bring what he did
/// not use: his counter begins at the lowest of those who are there.
final class FairShare {
  private static final int PROMPT_WEIGHT = 1;
  private static final int ANSWER_WEIGHT = 2;

  /// Users remembered who have nothing here at the moment.
  private static final int MOST_ABSENT = 1_000;

  private static final class Account {
    private long served;
    private int held;
    private int slots;
  }

  private final Map<String, Account> accounts = new HashMap<>();
  private int present;

  /// A sequence of this user came.
  void arrived(String user) {
    Account account = accounts.get(user);
    if (account == null) {
      account = new Account();
      accounts.put(user, account);
    }
    if (account.held++ == 0) {
      present++;
      account.served = Math.max(account.served, lowestOfOthers(account));
    }
  }

  private long lowestOfOthers(Account own) {
    return accounts.values().stream()
        .filter(a -> a != own && a.held > 0)
        .mapToLong(a -> a.served)
        .min()
        .orElse(0);
  }

  /// One of his sequences ended. When nobody is left, nothing is remembered.
  void ended(String user) {
    Account account = of(user);
    if (--account.held == 0) {
      present--;
      if (present == 0 || accounts.size() - present > MOST_ABSENT) {
        accounts.values().removeIf(a -> a.held == 0);
      }
    }
  }

  void prompt(String user, int tokens) {
    of(user).served += (long) PROMPT_WEIGHT * tokens;
  }

  void answer(String user, int tokens) {
    of(user).served += (long) ANSWER_WEIGHT * tokens;
  }

  void slots(String user, int more) {
    of(user).slots += more;
  }

  /// Weighted tokens.
  long served(String user) {
    return of(user).served;
  }

  /// Slots that his sequences have.
  int slots(String user) {
    return of(user).slots;
  }

  private Account of(String user) {
    Account account = accounts.get(user);
    if (account == null) {
      throw new IllegalArgumentException("nothing of " + user + " is held");
    }
    return account;
  }
}
