/// The binding to the pinned libllama, by the Foreign Function & Memory API.
///
/// The only package that imports `java.lang.foreign`. Outward it shows plain interfaces ([LlamaModel],
/// [LlamaVocab], [LlamaContext]) without a native type in them; inward one class ([LlamaNative])
/// holds every method handle and struct offset. It knows no other package of the project.
@NullMarked
package dev.parley.worker.llama;

import org.jspecify.annotations.NullMarked;
