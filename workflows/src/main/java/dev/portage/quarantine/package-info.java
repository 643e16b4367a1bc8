/** Quarantine: candidates that were rejected or rolled back, and that nobody promotes again. */
@NullMarked
package dev.portage.quarantine;

import org.jspecify.annotations.NullMarked;
