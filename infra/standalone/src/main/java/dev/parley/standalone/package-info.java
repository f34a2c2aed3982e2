/// The command line, and everything on one machine.
@NullMarked
package dev.parley.standalone;

import org.jspecify.annotations.NullMarked;
