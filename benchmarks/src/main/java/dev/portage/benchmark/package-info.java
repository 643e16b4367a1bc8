/** Measures the copy: against its rivals, and against what the servers can do at most. */
@NullMarked
package dev.portage.benchmark;

import org.jspecify.annotations.NullMarked;
