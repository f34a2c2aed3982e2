/// What users do with the gateway's page: a real browser at the real server, over turns in memory.
@NullMarked
package dev.parley.system.web;

import org.jspecify.annotations.NullMarked;
