/// One contract a port, run against its in-memory fake and the real thing.
@NullMarked
package dev.parley.system.contract;

import org.jspecify.annotations.NullMarked;
