/// What users do with the gateway's HTTP side: a real browser, the official OpenAI clients. Runs
/// against any gateway whose address the system property `parley.test.url` gives, else against the
/// real server over turns in memory.
@NullMarked
package dev.parley.system.web;

import org.jspecify.annotations.NullMarked;
