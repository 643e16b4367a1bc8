/** Watching a promotion: its state, and what happens to it. */
@NullMarked
package dev.portage.watch;

import org.jspecify.annotations.NullMarked;
