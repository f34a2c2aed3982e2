package dev.parley.doubles.telegram;

/// A thread within a chat.
///
/// @param id the `message_thread_id`
public record Topic(Chat chat, int id, String name) {}
