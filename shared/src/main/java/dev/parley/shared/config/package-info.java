/// Configuration as a value: every setting is declared once in [dev.parley.shared.config.Settings]
/// with its unit, range, default and meaning; a [dev.parley.shared.config.Config] is read once at
/// start from options, environment and `parley.yaml`, checked as a whole, printed once, and handed
/// on as records. Nothing else in Parley reads the environment.
///
/// Knows only the JDK and the YAML reader; everybody may know it.
@NullMarked
package dev.parley.shared.config;

import org.jspecify.annotations.NullMarked;
