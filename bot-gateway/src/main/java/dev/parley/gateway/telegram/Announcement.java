package dev.parley.gateway.telegram;

import dev.parley.shared.runtime.Threads;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells every chat the same, one after the other and behind all answers. An announcement is made once; one whose
/// gateway dies is not gone on with, and the admin is not told that it is done. Blocks; thread-safe.
final class Announcement {
  private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);

  /// A chat that cannot be told within this time is left out, s.
  private static final long PATIENCE_S = 60;

  private final KnownChats chats;
  private final PreferenceStore store;
  private final BotVoice voice;

  Announcement(KnownChats chats, PreferenceStore store, BotVoice voice) {
    this.chats = chats;
    this.store = store;
    this.voice = voice;
  }

  /// How many would be told.
  int chats() {
    return chats.all().size();
  }

  /// Begins to tell all chats.
  ///
  /// @param id names it, so that it is made once
  /// @param admin who is told how it went
  /// @return false when it was made already
  boolean make(String id, String text, TelegramAddress admin) {
    String name = "announced:" + id;
    if (store.find(name).isPresent()) {
      return false;
    }
    store.set(name, "yes");
    Threads.start(
        "telegram-announcement",
        () -> {
          try {
            tellAll(text, admin);
          } catch (InterruptedException e) {
            LOG.warn("an announcement was not told to everybody", e);
          }
        });
    return true;
  }

  private void tellAll(String text, TelegramAddress admin) throws InterruptedException {
    int told = 0;
    int all = 0;
    for (long chat : chats.all()) {
      all++;
      told += tell(chat, text) ? 1 : 0;
    }
    voice.say(admin, Words.in(admin.language()).say("announce.done", told, all));
  }

  private boolean tell(long chat, String text) throws InterruptedException {
    try {
      return voice.tell(chat, text).get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("chat {} was not told an announcement", chat, e);
      return false;
    }
  }
}
