/// Chat templates: from a conversation to the text that the model was trained on.
///
/// A model file carries a small Jinja program that turns messages into its prompt format. This
/// package evaluates it without reflection, under named limits, because the program is untrusted
/// input, and keeps apart what the template wrote and what a message said: a user who types
/// `<|im_start|>` stays a user.
///
/// It knows `shared.wire` for the messages and nothing else of Parley. Parsing and rendering are
/// pure: no clock, no I/O, no thread.
@NullMarked
package dev.parley.worker.template;

import org.jspecify.annotations.NullMarked;
