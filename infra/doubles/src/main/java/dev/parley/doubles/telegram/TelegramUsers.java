package dev.parley.doubles.telegram;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;

/// The people on the platform: they make chats, write, edit, press buttons, block the bot and throw it out.
///
/// A chat that is made here has no past: the bot has long been in a new group and is told nothing of it, and in a
/// private chat it must be spoken to first, as on the real platform. Its methods may be called from any thread.
public final class TelegramUsers {
  private final Monitor monitor;
  private final World world;
  private final Membership membership;
  private final UserMessages messages;

  TelegramUsers(Monitor monitor, TelegramServer server) {
    this.monitor = monitor;
    this.world = server.world();
    this.membership = server.membership();
    this.messages = new UserMessages(server);
  }

  /// A person whose `@name` is the first name in small letters.
  public User person(String firstName) {
    return person(firstName, firstName.toLowerCase(Locale.ROOT), "en");
  }

  /// A person.
  ///
  /// @param username without the `@`; empty: the person has none
  /// @param language an IETF tag; empty: the client does not say
  public User person(String firstName, String username, String language) {
    return monitor.change(now ->
        world.addUser(
            firstName,
            Optional.of(username).filter(s -> !s.isEmpty()),
            Optional.of(language).filter(s -> !s.isEmpty())));
  }

  /// The private chat of a person with the bot.
  public Chat privateChat(User user) {
    return monitor.change(now -> world.privateChat(user).chat());
  }

  /// A group with these people and the bot.
  public Chat group(String title, User... members) {
    return add(Chat.Type.GROUP, title, false, members);
  }

  /// A supergroup with these people and the bot.
  public Chat supergroup(String title, User... members) {
    return add(Chat.Type.SUPERGROUP, title, false, members);
  }

  /// A supergroup with topics.
  public Chat forum(String title, User... members) {
    return add(Chat.Type.SUPERGROUP, title, true, members);
  }

  /// Begins a topic; the bot hears of it.
  public Topic topic(User by, Chat chat, String name) {
    return in(
        chat,
        (state, now) -> {
          NewMessage service = NewMessage.service(by, new Message.Service.TopicCreated(name));
          Message created = messages.said(state, service, now);
          Topic topic = new Topic(chat, created.id(), name);
          state.add(topic);
          return topic;
        });
  }

  /// Writes a message.
  public Message says(User user, Chat chat, String text) {
    return says(user, chat, text, Saying.plainly());
  }

  /// Writes a message as an answer or in a topic.
  public Message says(User user, Chat chat, String text, Saying how) {
    return in(
        chat,
        (state, now) -> messages.said(state, how.applyTo(NewMessage.text(user, typed(text))), now));
  }

  /// Changes the text of a message of a person.
  public Message edits(Message message, String text) {
    return in(
        message.chat(),
        (state, now) -> messages.edited(state, present(state, message), typed(text), now));
  }

  /// Deletes a message, a person's or the bot's; the bot is told nothing, as on the real platform.
  public void deletes(Message message) {
    in(message.chat(), (state, now) -> state.put(present(state, message).deletedAt(now)));
  }

  /// Presses a button of a message.
  ///
  /// @param textOrData the button's label or its data
  /// @throws IllegalArgumentException when the message has no such button now
  public Press presses(User user, Message message, String textOrData) {
    return in(
        message.chat(),
        (state, now) -> {
          Message present = present(state, message);
          Button button =
              present
                  .button(textOrData)
                  .filter(b -> b.data().isPresent())
                  .orElseThrow(() ->
                      new IllegalArgumentException(
                          "no button \"" + textOrData + "\" at message " + message.id()));
          return messages.pressed(state, user, present, button, now);
        });
  }

  /// Stops the draft that is seen by Telegram's own button: it goes, and the bot is told.
  ///
  /// @throws IllegalArgumentException when there is none that can be stopped
  public Draft stopsDraft(Chat chat) {
    return in(
        chat,
        (state, now) ->
            state
                .visibleDraft(now)
                .filter(Draft::canStop)
                .map(draft -> messages.stopped(state, draft, now))
                .orElseThrow(() -> new IllegalArgumentException("no draft with a Stop")));
  }

  /// Sends a file.
  ///
  /// @param caption may be empty
  public Message sendsDocument(
      User user, Chat chat, String name, String mime, byte[] bytes, String caption) {
    return sends(user, chat, Attachment.Kind.DOCUMENT, name, mime, bytes, caption);
  }

  /// Sends a picture.
  public Message sendsPhoto(User user, Chat chat, String caption) {
    return sends(user, chat, Attachment.Kind.PHOTO, "photo.jpg", "image/jpeg", made(), caption);
  }

  /// Sends a sticker.
  public Message sendsSticker(User user, Chat chat) {
    return sends(user, chat, Attachment.Kind.STICKER, "sticker.webp", "image/webp", made(), "");
  }

  /// Sends a voice message.
  public Message sendsVoice(User user, Chat chat) {
    return sends(user, chat, Attachment.Kind.VOICE, "voice.ogg", "audio/ogg", made(), "");
  }

  /// Blocks the bot in the private chat.
  public void blocksBot(User user) {
    botBecomes(user, privateChat(user), ChatState.Standing.KICKED);
  }

  /// Lets the bot speak again.
  public void unblocksBot(User user) {
    botBecomes(user, privateChat(user), ChatState.Standing.MEMBER);
  }

  /// Throws the bot out of a group.
  public void kicksBot(User by, Chat chat) {
    botBecomes(by, chat, ChatState.Standing.KICKED);
  }

  /// Adds the bot to a group it is not in; the group sees a line about it.
  public void addsBot(User by, Chat chat) {
    botBecomes(by, chat, ChatState.Standing.MEMBER);
    in(
        chat,
        (state, now) ->
            messages.said(
                state, NewMessage.service(by, new Message.Service.Joined(world.bot())), now));
  }

  /// Makes the bot an administrator: it hears everything then.
  public void promotesBot(User by, Chat chat) {
    botBecomes(by, chat, ChatState.Standing.ADMINISTRATOR);
  }

  /// Takes that back.
  public void demotesBot(User by, Chat chat) {
    botBecomes(by, chat, ChatState.Standing.MEMBER);
  }

  /// Turns a group into a supergroup: another chat with another id, and a line in both.
  public Chat migrates(User by, Chat group) {
    return in(
        group,
        (old, now) -> {
          List<User> members =
              old.members().stream().flatMap(id -> world.user(id).stream()).toList();
          ChatState next = world.addGroup(Chat.Type.SUPERGROUP, group.title(), false, members);
          next.bot(old.bot());
          long newId = next.chat().id();
          messages.said(old, NewMessage.service(by, new Message.Service.MigratedTo(newId)), now);
          old.migratedTo(newId);
          messages.said(
              next, NewMessage.service(by, new Message.Service.MigratedFrom(group.id())), now);
          return next.chat();
        });
  }

  /// Deletes the account; the bot finds out when it writes.
  public void deletesAccount(User user) {
    monitor.run(now -> world.delete(user));
  }

  /// Everybody but bots.
  List<User> members(Chat chat) {
    return in(
        chat,
        (state, now) ->
            chat.partner()
                .map(List::of)
                .orElseGet(() ->
                    state.members().stream().flatMap(id -> world.user(id).stream()).toList()));
  }

  private Chat add(Chat.Type type, String title, boolean forum, User... members) {
    return monitor.change(now -> world.addGroup(type, title, forum, List.of(members)).chat());
  }

  private Message sends(
      User user,
      Chat chat,
      Attachment.Kind kind,
      String name,
      String mime,
      byte[] bytes,
      String caption) {
    return in(
        chat,
        (state, now) -> {
          Attachment file = world.files().add(kind, name, mime, bytes);
          NewMessage message = NewMessage.text(user, FormattedText.of(caption));
          return messages.said(state, message.attached(file), now);
        });
  }

  /// What a client lets a person send: something to see, and no more than fits into one message.
  private static FormattedText typed(String text) {
    FormattedText typed = FormattedText.of(text);
    if (typed.isEmpty() || typed.text().length() > FormattedText.MAX_TEXT) {
      throw new IllegalArgumentException(
          "a person sends 1 to " + FormattedText.MAX_TEXT + " UTF-16 units");
    }
    return typed;
  }

  private static byte[] made() {
    return "made up".getBytes(StandardCharsets.US_ASCII);
  }

  private void botBecomes(User by, Chat chat, ChatState.Standing standing) {
    monitor.run(now -> membership.botBecomes(standing, world.require(chat), by, now));
  }

  private static Message present(ChatState state, Message message) {
    return state
        .message(message.id())
        .orElseThrow(() -> new IllegalArgumentException("message " + message.id() + " is gone"));
  }

  private <T> T in(Chat chat, Change<T> change) {
    LongFunction<T> action = now -> change.apply(world.require(chat), now);
    return monitor.change(action);
  }

  /// Something that is done in a chat.
  private interface Change<T> {
    T apply(ChatState chat, long now);
  }
}
