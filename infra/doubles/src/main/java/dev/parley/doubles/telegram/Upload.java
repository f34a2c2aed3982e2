package dev.parley.doubles.telegram;

/// A file that came with a call.
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Upload(String name, byte[] bytes) {}
