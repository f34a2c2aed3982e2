/// Hand-written in-memory fakes of this module's ports, no kinder than the real thing: they can be
/// emptied, rolled back and told the time. And made-up material: schemas, model files. In main scope because
/// the simulation and the benches run on them; no production code may use them (an ArchUnit rule holds that).
@NullMarked
package dev.parley.shared.testing;

import org.jspecify.annotations.NullMarked;
