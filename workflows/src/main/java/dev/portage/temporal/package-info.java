/** Temporal's own settings: where it is, and how it is reached. */
@NullMarked
package dev.portage.temporal;

import org.jspecify.annotations.NullMarked;
